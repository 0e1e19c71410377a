"""The head of a postmortem: title, for whom and by whom, which time, how grave, and whether it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.answer.one_attempt import is_alone
from autopilot_analysis.fleet.postmortem.case import Case
from autopilot_analysis.fleet.postmortem.paragraphs import Prose


def tell_heading(case: Case, *, title: str, author: str, audience: str) -> Prose:
    """Return the head of the document: title, for whom, by whom, and what it is about.

    Args:
        case: The incident.
        title: As the author wants it; made from the group when empty.
        author: Who answers for it.
        audience: Whom it is for.
    """
    made = title or f"{wording.capital(_subject(case))}: {_what(case)}"
    period = "" if case.judged.height == 1 else _period(case)  # when the one attempt began is told by itself
    lines = [("Written by", author), ("Written for", audience), ("Period", period)]
    lines += [("Severity", _severity(case)), ("Status", _status(case))]
    return Prose(tuple((name, text) for name, text in lines if text), title=made)


def _subject(case: Case) -> str:
    if case.where:
        return f"devices of {wording.group(case.where)}"
    alone = only_device(case)
    return f"device {alone}" if alone else "Windows Autopilot deployments"


def only_device(case: Case) -> str | None:
    """Return the only device there is; None when there are several.

    Args:
        case: The incident.
    """
    devices = case.group["device"].unique()
    return str(devices[0]) if devices.len() == 1 else None


def _what(case: Case) -> str:
    if not case.hits.height:
        if is_alone(case.judged) and (case.judged["outcome"] == "succeeded").all():
            return "deployment succeeded"
        return "no failure was seen" if case.during.height else "no attempt that ended was seen"
    if _subject(case).startswith("Windows"):
        if not case.change and case.proven.height > 1:
            return f"failures of {case.proven.height} different causes"
        if not case.change and not case.rule:
            return "no single incident"
        return "some fail" if case.outcome == "failed" else "some take long"
    return "deployment fails" if case.outcome == "failed" else "deployment takes long"


def _period(case: Case) -> str:
    starts = (case.during if case.during.height else case.group)["started_at"].drop_nulls()
    first = case.since or starts.min()
    last = case.until - timedelta(microseconds=1) if case.until else starts.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return "no dated attempt was seen"
    if first.date() == last.date():
        return f"{wording.day(first)} ({wording.ZONE})"
    return f"{wording.day(first)} to {wording.day(last)} ({wording.ZONE})"


def _severity(case: Case) -> str:
    """Return how grave the finding is that the document follows; a count alone has no severity."""
    found = case.story.findings.findings.filter(pl.col("rule") == (case.rule or ""))
    return str(found["severity"][0]) if found.height else ""


def _status(case: Case) -> str:
    """Return whether it is over, as far as what was read tells."""
    if not case.hits.height:
        return "no incident found"
    if case.change and case.change["until"]:
        return f"over since {wording.moment(case.change['until'])}"
    last, hit = (rows["started_at"].drop_nulls().max() for rows in (case.group, case.hits))
    if not isinstance(last, datetime) or not isinstance(hit, datetime):
        return "whether it is over is not known: the attempts carry no time"
    after = case.group.filter(pl.col("started_at") > hit, pl.col("outcome") == "succeeded")
    if only_device(case) and after.height:
        return "over: the device has succeeded since"
    return f"open: still hit when last seen, on {wording.day(hit)}"

"""An incident in plain words, for readers who never saw a table: paragraphs that cannot carry markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.findings import Part, conclude
from autopilot_analysis.fleet.explanation.fleet_findings import items_in_words, reason_of
from autopilot_analysis.fleet.explanation.one_attempt import is_alone, tell_attempt
from autopilot_analysis.fleet.explanation.units import SLOWEST_WORDS
from autopilot_analysis.fleet.intervals import CONFIDENCE
from autopilot_analysis.fleet.postmortem.case import Case
from autopilot_analysis.fleet.postmortem.reasons import main_code

CAUSES = "Causes found"
CAUSE = "Likely cause"
"""Headings of the paragraph on why, where captures prove several causes, and else."""
MOST_CAUSES = 4
LONGEST = 600
"""Characters of one paragraph; a value from an export may be of any length."""


@dataclass(frozen=True)
class Prose:
    """Paragraphs, each with a short heading (empty for none); whatever stands in them is shown as text."""

    paragraphs: tuple[tuple[str, str], ...]
    title: str = ""

    def __repr__(self) -> str:
        """Return the paragraphs as lines."""
        lines = [f"{name}: {text}" if name else text for name, text in self._shown()]
        return "\n".join([_plain(self.title), *lines] if self.title else lines)

    def _repr_html_(self) -> str:
        """Return the paragraphs as HTML, every value escaped."""
        head = f"<h2>{escape(_plain(self.title))}</h2>" if self.title else ""
        named = [(f"<strong>{escape(name)}.</strong> " if name else "", text) for name, text in self._shown()]
        return head + "".join(f"<p>{name}{escape(text)}</p>" for name, text in named)

    def to_frame(self) -> pl.DataFrame:
        """Return the paragraphs as a frame: `about`, `sentence`."""
        return pl.DataFrame(self.paragraphs, schema={"about": pl.String, "sentence": pl.String}, orient="row")

    def _shown(self) -> Iterator[tuple[str, str]]:
        for name, text in self.paragraphs:
            whole = _plain(text)
            yield _plain(name), whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"


def _plain(text: str) -> str:
    """Return text on one line, without control or direction characters."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def tell_heading(case: Case, *, title: str, author: str, audience: str) -> Prose:
    """Return the head of the document: title, for whom, by whom, and what it is about.

    Args:
        case: The incident.
        title: As the author wants it; made from the group when empty.
        author: Who answers for it.
        audience: Whom it is for.
    """
    made = title or f"{_subject(case)[:1].upper()}{_subject(case)[1:]}: {_what(case)}"
    period = "" if case.judged.height == 1 else _period(case)  # when the one attempt began is told by itself
    lines = [("Written by", author), ("Written for", audience), ("Period", period)]
    lines += [("Severity", _severity(case)), ("Status", _status(case))]
    return Prose(tuple((name, text) for name, text in lines if text), title=made)


def tell_reading(case: Case) -> tuple[str, str]:
    """Return what was read, in one sentence.

    Args:
        case: The incident.
    """
    attempts, members, gaps = case.fleet.deployments, case.story.tables.members.height, case.fleet.gaps.height
    origins = ", ".join(
        str(name).replace("_", " ") for name in attempts["origin"].cast(pl.String).unique().sort()
    )
    devices = attempts["device"].n_unique()
    text = f"{wording.count(attempts.height, 'attempt')} of {wording.count(devices, 'device')}"
    text += f" ({origins})" if origins else ""
    text += f", from {wording.count(members, 'file')}" if members else ""
    unread = f"{wording.count(gaps, 'thing')} could not be read"
    text += f"; {unread if gaps else 'nothing that was there stayed unread'}"
    poor = case.fleet.coverage.filter(pl.col("presence").is_in(["absent", "partial"]))["source"].n_unique()
    text += f"; {wording.count(poor, 'kind')} of source not there or not whole" if poor else ""
    return "What was read", f"{text}."


def tell_summary(case: Case, impact: pl.DataFrame, remedies: pl.DataFrame) -> Prose:
    """Return the incident in plain words: what, who, since when, what it cost, why, what to do, how sure.

    Args:
        case: The incident.
        impact: Answer of `measure_impact`.
        remedies: Answer of `list_remedies`.
    """
    if not case.hits.height:
        return Prose((*_nothing(case), tell_reading(case)))
    paragraph = (
        (Part.HAPPENED, _happened(case)),
        ("How it shows", _shows(case)),
        ("Who was hit", _befell(case, impact)),
        *(_of_attempt(case) or [(Part.SINCE, _since(case)), ("What it cost", _cost(case, impact))]),
        (CAUSES if case.proven.height > 1 else CAUSE, _why(case)),
        ("What to do first", _first(case, remedies)),
        ("How sure", _doubt(case)),
    )
    return Prose((*((name, text.rstrip(".") + ".") for name, text in paragraph if text), tell_reading(case)))


def _subject(case: Case) -> str:
    if case.where:
        return f"devices of {wording.group(case.where)}"
    alone = _alone(case)
    return f"device {alone}" if alone else "Windows Autopilot deployments"


def _alone(case: Case) -> str | None:
    """Return the only device there is; None when there are several."""
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
        return f"{first:%d %B %Y} (UTC)"
    return f"{first:%d %B %Y} to {last:%d %B %Y} (UTC)"


def _severity(case: Case) -> str:
    """Return how grave the finding is that the document follows; a count alone has no severity."""
    found = case.story.findings.findings.filter(pl.col("rule") == (case.rule or ""))
    return str(found["severity"][0]) if found.height else ""


def _status(case: Case) -> str:
    """Return whether it is over, as far as what was read tells."""
    if not case.hits.height:
        return "no incident found"
    if case.change and case.change["until"]:
        return f"over since {case.change['until']:%d %B %Y}"
    last, hit = (rows["started_at"].drop_nulls().max() for rows in (case.group, case.hits))
    if not isinstance(last, datetime) or not isinstance(hit, datetime):
        return "whether it is over is not known: the attempts carry no time"
    after = case.group.filter(pl.col("started_at") > hit, pl.col("outcome") == "succeeded")
    if _alone(case) and after.height:
        return "over: the device has succeeded since"
    return f"open: still hit when last seen, on {hit:%d %B %Y}"


def _nothing(case: Case) -> Sequence[tuple[str, str]]:
    count, where = case.during.height, f" of {wording.group(case.where)}" if case.where else ""
    if not count:
        text = "Nothing that was read tells of a deployment that ended; there is nothing to judge."
        verdicts = conclude(*case.story) if case.story.tables.devices.height == 1 else None
        about = (
            [("The device", f"{verdicts['verdict'][0]}.")] if verdicts is not None and verdicts.height else []
        )
        return [(Part.HAPPENED, text), *about]
    good = (case.during["outcome"] == "succeeded").sum()
    text = f"{count:,} deployments{where} ended and {good:,} of them succeeded; none failed in what was read."
    if count == 1:
        text = f"The one deployment{where} {'succeeded' if good else 'ended without a failure'}."
    sure = "No incident was found. What could not be seen stands below."
    return [(Part.HAPPENED, text), *_of_attempt(case), ("How sure", sure)]


def _of_attempt(case: Case) -> list[tuple[str, str]]:
    """Return what the one attempt did, as the paragraph of its own; nothing where there are several."""
    if not is_alone(case.judged):
        return []
    row = case.fleet.deployments.join(case.judged.select("deployment"), on="deployment", how="semi")
    lines = [line.text for one in row.to_dicts() for line in tell_attempt(one, case.fleet.item_statuses)]
    return [(Part.ATTEMPT, "\n".join(lines))]


def _percent(rows: pl.DataFrame) -> str:
    k, n = int(rows["hit"].sum()), rows.height
    return f"{k:,} of {n:,} ({wording.percent(k / n)})" if n >= wording.LEAST_SHARE else f"{k:,} of {n:,}"


def _happened(case: Case) -> str:
    bad = "failed" if case.outcome == "failed" else f"were among the {SLOWEST_WORDS}"
    group = f" with {wording.group(case.where)}" if case.where else ""
    alone = _alone(case)
    text = f"On the device {alone}, " if alone else f"Of the Windows Autopilot deployments{group}, "
    counted = f"{_percent(case.during)} attempts" if alone else _percent(case.during)
    if alone and case.during.height == 1:
        return f"{text}the one attempt {bad}{_where_and_after(case.during.row(0, named=True))}"
    text += f"{counted} {bad}"
    text += f" since {case.since:%d %B %Y}" if case.since else ""
    text += f" until {case.until - timedelta(microseconds=1):%d %B %Y}" if case.until else ""
    if case.rest.height:
        return f"{text}, against {_percent(case.rest)} of all others in the same time"
    return f"{text}, against {_percent(case.before)} before" if case.before.height else text


def _where_and_after(attempt: dict[str, Any]) -> str:
    """Return in which stage one attempt ended and after how long, as far as that is told."""
    stage, total = attempt["failed_stage"], attempt["total"]
    where = f" in {wording.words(stage)}" if stage else ""
    return f"{where}{f' after {wording.span(total)}' if total else ''}"


def _shows(case: Case) -> str:
    main = main_code(case)
    if main is None or case.outcome != "failed" or (case.hits.height == 1 and not case.rule):
        return ""  # of the one attempt the code is the likely cause itself
    code, stage = main
    known = explain_code(code, stage=stage or None)
    same, count = case.hits.filter(pl.col("code") == code).height, case.hits.height
    who = f"{same} of these {count} failures" if same < count else f"All {count} failures"
    place = f" during {wording.words(stage)}" if stage else ""
    means = known.meaning if known.certainty != "unknown" else "no public source explains this code"
    symbol = f" ({known.symbol})" if known.symbol else ""
    return f"{who if count > 1 else 'The failure'} stopped{place} with {code}{symbol}: {means}"


def _number(impact: pl.DataFrame, begins: str) -> dict[str, Any]:
    found = impact.filter(pl.col("what").str.starts_with(begins))
    return found.row(0, named=True) if found.height else dict.fromkeys(impact.columns)


def _befell(case: Case, impact: pl.DataFrame) -> str:
    devices, users = _number(impact, "devices hit"), _number(impact, "users hit")
    through = _number(impact, "devices hit that succeeded")
    if alone := _alone(case):
        later = "it has succeeded since" if through["k"] else "no success of it was seen since"
        return f"One device, {alone}; {later}"
    text = f"{devices['k']:,} of the {devices['n']:,} devices in it"
    text += f", of {wording.count(users['k'], 'user')}" if users["k"] else ""
    if case.outcome != "failed" or not through["n"]:
        return text
    if not through["k"]:
        return f"{text}. None of these devices was seen to succeed since"
    left = through["n"] - through["k"]
    more = f"; for {left:,} no success was seen yet" if left else ""
    return f"{text}. {through['k']:,} of these devices have succeeded since{more}"


def _since(case: Case) -> str:
    first, earliest = (rows["started_at"].drop_nulls().min() for rows in (case.hits, case.group))
    if case.change is None:
        if not isinstance(first, datetime) or not isinstance(earliest, datetime):
            return ""
        if _alone(case):
            return f"From the first attempt that was hit, on {first:%d %B %Y at %H:%M} UTC"
        return (
            f"The first attempt seen was on {earliest:%d %B %Y}, the first that was hit on {first:%d %B %Y}. "
            "No day was found on which it began: it may be as old as what was read"
        )
    change = case.change
    text = f"On {change['at']:%d %B %Y} the level moved, {wording.levels(change)}"
    if change["kind"] == "appeared":
        text = f"The group appeared on {change['at']:%d %B %Y} and was hit from its first day on"
    text += f", and went back on {change['until']:%d %B %Y}" if change["until"] else ""
    if not change.get("candidate"):
        return text
    return (
        f"{text}. Nearest change by an administrator: {change['candidate']}. Near in time is not yet a cause"
    )


def _cost(case: Case, impact: pl.DataFrame) -> str:
    failed = case.outcome == "failed"
    sentences = []
    more = _number(impact, "attempts hit beyond")
    if more["value"] is not None:
        sentences.append(f"About {more['in_words']} more than at the share of everyone else")
    hours = _number(impact, "time spent" if failed else "time beyond")
    if hours["value"] is not None:
        what = "spent in attempts that failed" if failed else "beyond the usual"
        sentences.append(f"{hours['in_words']} {what}")
    wait = _number(impact, "time from the first")
    if wait["value"] is not None:
        sentences.append(
            f"a median of {wait['in_words']} from the first failure to a success, where one was seen"
        )
    text = "; ".join(sentences)
    return f"{text}. Numbers in brackets are {CONFIDENCE} intervals" if "(" in text else text


def _why(case: Case) -> str:
    if case.proven.height > 1:
        return _causes(case)
    found = case.story.findings.findings.filter(pl.col("rule") == case.rule)
    if case.rule and found.height:
        return f"{found['title'][0]}. {found['meaning'][0] or ''}"
    if case.hits.height == 1 and not case.where:
        return _of_one(case)
    counted = "It goes with them; that it causes them is not shown by counting"
    if case.contrast:
        lift, low, high = (case.contrast[name] for name in ("lift", "lift_low", "lift_high"))
        what = "failures" if case.outcome == "failed" else "slow attempts"
        times = f"{lift:.1f} times as likely over all that was read ({low:.1f} to {high:.1f})"
        return f"What the {what} have in common is {wording.group(case.where)}: {times}. {counted}"
    if case.change and not case.where:
        return (
            "Every group was hit alike from that day on: something they share, such as the service, the "
            "network or a change made for all, is likelier than a model or a profile"
        )
    if case.where:
        return "This group does not differ from the rest by more than chance would show; no cause was found"
    return "No group and no day stands out: the failures lie as chance would spread them"


def _causes(case: Case) -> str:
    """Return the causes that captures prove, on how many of the devices that were hit each is the first."""
    proven, hit = case.proven, case.hits["device"].n_unique()
    most, named = int(proven["devices"][0]), int(proven["devices"].sum())
    head = f"{proven.height} different causes on {named} of the {wording.count(hit, 'device')} hit"
    spread = ", none on more than one" if most == 1 else ""
    causes = [
        f"{title}: {_on(n)}." for title, n in proven.head(MOST_CAUSES).select("title", "devices").rows()
    ]
    left = proven.height - MOST_CAUSES
    return "\n".join([f"{head}{spread}.", *causes, *([f"And {left} more."] if left > 0 else [])])


def _on(devices: int) -> str:
    return wording.count(devices, "device")


def _of_one(case: Case) -> str:
    """Return what the service tells of why the one attempt failed: what its code means where it arose."""
    row = case.hits.row(0, named=True)
    known = reason_of(row["code"], row["failed_stage"])
    items = [text.partition(" (")[0] for text in items_in_words(case.hits, case.fleet.item_statuses)]
    at = f" at {', '.join(items[:MOST_CAUSES])}" if items else ""
    if known is None:
        return f"Not known: the service tells how it ended{at}, not why"
    symbol = f" ({known.symbol})" if known.symbol else ""
    return f"{row['code']}{symbol}{at}: {known.meaning}. The service tells no more than this code"


def _first(case: Case, remedies: pl.DataFrame) -> str:
    """Return what to do first: of several causes what mends each, of one that alone."""
    proven = case.proven
    if proven.height > 1:
        mends = proven.head(MOST_CAUSES).drop_nulls("remedy").group_by("remedy", maintain_order=True)
        summed = mends.agg(pl.col("devices").sum()).rows()
        return "\n".join(f"{remedy.rstrip('.')}: {_on(devices)}." for remedy, devices in summed)
    return ". Then: ".join(remedies["remedy"].head(1 if case.rule else 2))


def _doubt(case: Case) -> str:
    hit = case.hits["device"].n_unique()
    captured = case.hits.filter(pl.col("origin").cast(pl.String) == "capture")["device"].n_unique()
    if not captured and case.hits.height == 1:
        return "Only the service's word was read: no capture shows what led to it on the device"
    if not captured:
        return (
            "The counts are sure within their intervals. The cause on the device is not: no capture of a "
            "device that was hit was among what was read"
        )
    if case.proven.height > 1:
        return (
            "Each cause is proved by records of its device's own capture; one record of each stands below, "
            "the rest in 01_device_trace of that device"
        )
    if captured < hit:
        return (
            f"Captures of {captured:,} of the {hit:,} devices that were hit were read; the others are known "
            "by the service's word only"
        )
    return (
        "Every claim about a device leads to a record that stands below; what the captures did not hold is "
        "listed as not seen"
    )

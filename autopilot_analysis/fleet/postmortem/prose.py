"""An incident in plain words, for readers who never saw a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.findings import Part, conclude
from autopilot_analysis.fleet.explanation.answer.one_attempt import is_alone, tell_attempt
from autopilot_analysis.fleet.explanation.units import SLOWEST_WORDS
from autopilot_analysis.fleet.intervals import CONFIDENCE, share_in_words
from autopilot_analysis.fleet.postmortem.case import Case
from autopilot_analysis.fleet.postmortem.causes import tell_doubt, tell_first, tell_why
from autopilot_analysis.fleet.postmortem.heading import only_device
from autopilot_analysis.fleet.postmortem.impact import (
    BEYOND_USUAL,
    DEVICES_HIT,
    FIRST_TO_SUCCESS,
    HIT_BEYOND,
    IN_WORDS,
    OTHERS_SHARE,
    SPENT_FAILING,
    SUCCEEDED,
    TIME_BEYOND,
    TIME_SPENT,
    TO_SUCCESS,
    USERS_HIT,
)
from autopilot_analysis.fleet.postmortem.paragraphs import Prose
from autopilot_analysis.fleet.postmortem.reasons import NEAR, NO_CAUSE_YET, main_code
from autopilot_analysis.tables.capture import NOT_WHOLE

CAUSES = "Causes found"
CAUSE = "Likely cause"
FIRST = f"{Part.TO_DO} first"
"""Headings: of why, where captures prove several causes, and else; of what to do."""


def tell_reading(case: Case) -> tuple[str, str]:
    """Return what was read, in one sentence.

    Args:
        case: The incident.
    """
    attempts, members, gaps = case.fleet.deployments, case.story.tables.members.height, case.fleet.gaps.height
    origins = ", ".join(map(wording.words, attempts["origin"].cast(pl.String).unique().sort()))
    devices = attempts["device"].n_unique()
    text = f"{wording.count(attempts.height, 'attempt')} of {wording.count(devices, 'device')}"
    text += f" ({origins})" if origins else ""
    text += f", from {wording.count(members, 'file')}" if members else ""
    unread = f"{wording.count(gaps, 'thing')} could not be read"
    text += f"; {unread if gaps else 'nothing that was there stayed unread'}"
    poor = case.fleet.coverage.filter(pl.col("presence").is_in(NOT_WHOLE))["source"].n_unique()
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
        (CAUSES if case.proven.height > 1 else CAUSE, tell_why(case)),
        (FIRST, tell_first(case, remedies)),
        ("How sure", tell_doubt(case)),
    )
    return Prose((*((name, text.rstrip(".") + ".") for name, text in paragraph if text), tell_reading(case)))


def _nothing(case: Case) -> Sequence[tuple[str, str]]:
    count, where = case.during.height, f" of {wording.group(case.where)}" if case.where else ""
    if not count:
        text = f"{wording.capital(wording.NOTHING_TELLS)} a deployment that ended; there is nothing to judge."
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
    return share_in_words(int(rows["hit"].sum()), rows.height)


def _happened(case: Case) -> str:
    bad = "failed" if case.outcome == "failed" else f"were among the {SLOWEST_WORDS}"
    group = f" with {wording.group(case.where)}" if case.where else ""
    alone = only_device(case)
    text = f"On the device {alone}, " if alone else f"Of the Windows Autopilot deployments{group}, "
    counted = f"{_percent(case.during)} attempts" if alone else _percent(case.during)
    if not alone and case.during["device"].n_unique() < case.during.height:
        counted += " attempts, later tries among them,"
    if alone and case.during.height == 1:
        return f"{text}the one attempt {bad}{_where_and_after(case.during.row(0, named=True))}"
    text += f"{counted} {bad}"
    text += f" since {wording.day(case.since)}" if case.since else ""
    text += f" until {wording.day(case.until - timedelta(microseconds=1))}" if case.until else ""
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
    meaning = known.meaning if known.certainty != "unknown" else f"{wording.NO_SOURCE} this code"
    symbol = f" ({known.symbol})" if known.symbol else ""
    coded = wording.means(f"{code}{symbol}", meaning)
    return f"{who if count > 1 else 'The failure'} stopped{place} with {coded}"


def _number(impact: pl.DataFrame, begins: str) -> dict[str, Any]:
    found = impact.filter(pl.col("what").str.starts_with(begins))
    return found.row(0, named=True) if found.height else dict.fromkeys(impact.columns)


def _befell(case: Case, impact: pl.DataFrame) -> str:
    devices, users = _number(impact, DEVICES_HIT), _number(impact, USERS_HIT)
    through = _number(impact, SUCCEEDED)
    if alone := only_device(case):
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
        if only_device(case):
            when = wording.in_zone(f"on {wording.day(first)} at {wording.clock_time(first)}")
            return f"From the first attempt that was hit, {when}"
        return (
            f"The first attempt seen was on {wording.day(earliest)}, the first that was hit on "
            f"{wording.day(first)}. No day was found on which it began: it may be as old as what was read"
        )
    change = case.change
    text = f"On {wording.moment(change['at'])} the level moved, of first attempts {wording.levels(change)}"
    if change["kind"] == "appeared":
        text = f"The group appeared on {wording.day(change['at'])} and was hit from its first day on"
    text += f", and went back on {wording.moment(change['until'])}" if change["until"] else ""
    if not change.get("candidate"):
        return text
    doubt = f"{wording.capital(NEAR)} {NO_CAUSE_YET}"
    return f"{text}. Nearest change by an administrator: {change['candidate']}. {doubt}"


def _cost(case: Case, impact: pl.DataFrame) -> str:
    failed = case.outcome == "failed"
    sentences = []
    more = _number(impact, HIT_BEYOND)
    if more["value"] is not None:
        sentences.append(f"About {more[IN_WORDS]} more than at {OTHERS_SHARE}")
    hours = _number(impact, TIME_SPENT if failed else TIME_BEYOND)
    if hours["value"] is not None:
        sentences.append(f"{hours[IN_WORDS]} {SPENT_FAILING if failed else BEYOND_USUAL}")
    wait = _number(impact, FIRST_TO_SUCCESS)
    if wait["value"] is not None:
        sentences.append(f"a median of {wait[IN_WORDS]} {TO_SUCCESS}, where one was seen")
    text = "; ".join(sentences)
    return f"{text}. Numbers in brackets are {CONFIDENCE} intervals" if "(" in text else text

"""What happened on a device and since when, in the lines of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.marks import ESP_TIMED_OUT
from autopilot_analysis.findings import looking
from autopilot_analysis.findings.answers.answer import Line, Part, Section
from autopilot_analysis.findings.answers.history import happened_before
from autopilot_analysis.findings.answers.made_good import lines as made_good_lines
from autopilot_analysis.findings.answers.made_good import look_lines
from autopilot_analysis.findings.answers.proofs import proofs_of
from autopilot_analysis.findings.answers.without_attempt.unknown_errors import error_words, unexplained
from autopilot_analysis.findings.rules.enrollment import FAILURES_APART
from autopilot_analysis.findings.rules.page_parts import STEPS_IN
from autopilot_analysis.findings.rules.waiting import LATER
from autopilot_analysis.findings.search import written_times
from autopilot_analysis.readers.installer_logs.msi_log import LOG_ENDED
from autopilot_analysis.readers.local_times import DOUBTED
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.story import CONTINUED, PHASES, RESET

NAMED_TRY = "the last try that the output names"
"""Its instant stands in the output with its zone, whatever the clock of the device's records."""
OWN_CLOCK = f", {wording.ON_OWN_CLOCK}; its time zone is not known"
TRIED = r"^Previous (?:Prt Attempt|Registration): (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? UTC"
"""The time at which a try was made that dsregcmd shows."""
AFTERWARDS = {
    CONTINUED: ", and the device went on all the same",
    RESET: ", and somebody chose to reset the device",
}
"""What was done after the last attempt had failed, to be read behind its end; a retry is the next attempt."""
DEVICE_PHASE, ACCOUNT_PHASE = PHASES
ON_THE_PAGE = " on the status page (in which of its phases was not seen)"
PAGE_ENDS = ("esp_apps_failed", "esp_failed", ESP_TIMED_OUT)
"""Marks by which the status page says that it failed, most of them without a phase."""
_WRITTEN = re.compile(rf"(\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d){wording.IN_ZONE}")
LONG_AFTER = timedelta(hours=1)
"""A failure that came again so long after its attempt is not told as one of a few minutes."""
NO_ATTEMPT = f"{wording.capital(wording.NO_ATTEMPT_SEEN)} in what was read."


AT_ONCE = timedelta(minutes=1)
"""An attempt that ended so soon after its first record: that it began before that goes without saying."""
NOT_RECORDED = "its first records are not in what was read"
MOST_WAITED = 3
"""So many items are named for which a device waited."""
MOST_MISSED = 5
"""So many items are named that were tried and never came."""


def happenings(
    lead: list[dict[str, Any]],
    evidence: pl.DataFrame,
    attempts: pl.DataFrame,
    made: pl.DataFrame,
    *,
    runs: pl.DataFrame,
    marks: pl.DataFrame,
    looked: pl.DataFrame,
    past: bool,
    step: str | None = None,
    waited: pl.Series | None = None,
) -> Iterator[Line]:
    """Yield what happened: what went through at last, what leads, the last attempt's end, an earlier failure.

    Behind them stands whether an app that had failed is there since.

    Args:
        lead: The findings that lead the answer.
        evidence: The evidence of the same search.
        attempts: The attempts of the device, in order.
        made: What failed and succeeded later, as far as it is worth a line.
        runs: The stage runs of the device.
        marks: Those of the device, which know later tries that belong to no attempt.
        looked: What `looked_since` returned of what leads.
        past: Whether what leads is mended since.
        step: What the status page called the step of device preparation that failed, where it says so.
        waited: Titles that say what the status page waited for, where no cause is known.
    """
    yield from map(Line, made_good_lines(made))
    if (lead or attempts.is_empty()) and not past and made.is_empty():
        yield Line(wording.sentence(lead[0]["title"]) if lead else NO_ATTEMPT)
    for title in [] if waited is None or past else waited.to_list():
        yield Line(wording.sentence(title))
    last = attempts.tail(1).to_dicts()
    for one in last:
        number = wording.attempt(one["attempt"], attempts.height) if attempts.height > 1 else Part.ATTEMPT
        ended = _first_failed(one, runs)
        stage = _where(ended["stage"] if ended else one["failed_stage"], marks, step)
        after = _after(_until_failed(one, ended)) if one["outcome"] != "unknown" else ""
        kind = f" ({wording.words(one['scenario'])})" if one["scenario"] else ""
        again = _until(one, lead, evidence, marks) or after
        yield from map(Line, _went_well_before(one, attempts))
        then = _went_on(one, ended, runs) or AFTERWARDS.get(one["afterwards"], "")
        yield Line(f"{number}{kind} {came_to(one['outcome'])}{stage}{again}{then}.")
    yield from map(Line, look_lines(looked))
    if past:
        yield happened_before(lead[0], attempts)


def _went_well_before(attempt: Mapping[str, Any], attempts: pl.DataFrame) -> Iterator[str]:
    """Yield which attempt before the last went well, where the last did not; of a later user's page how."""
    if attempt["outcome"] == "succeeded":
        return
    good = attempts.filter(pl.col("outcome") == "succeeded", pl.col("attempt") < attempt["attempt"])
    for one in good.filter(pl.col("scenario").cast(pl.String).ne_missing(LATER)).tail(1).to_dicts():
        kind = f" ({wording.words(one['scenario'])})" if one["scenario"] else ""
        if attempt["scenario"] != LATER:
            number = wording.attempt(one["attempt"], attempts.height)
            yield f"{number}{kind} succeeded{_after(one['waited'])}."
            continue
        at = f" at {wording.in_zone(one['ended_at'])}" if one["ended_at"] else ""
        yield f"The deployment itself{kind} had succeeded{at}; this is the status page of a later sign-in."


def _first_failed(attempt: Mapping[str, Any], runs: pl.DataFrame) -> dict[str, Any] | None:
    """Return the run in which an attempt failed: of the phases of the page the first; None where none is."""
    failed = runs.filter(pl.col("attempt") == attempt["attempt"], pl.col("outcome") == "failed").sort("stage")
    of_page = failed.filter(pl.col("stage").is_in(PHASES))
    own = failed.filter(pl.col("stage").cast(pl.String) == pl.lit(attempt["failed_stage"], pl.String))
    return next(iter((of_page if attempt["failed_stage"] in PHASES else own).to_dicts()), None)


def _until_failed(attempt: Mapping[str, Any], ended: Mapping[str, Any] | None) -> timedelta | None:
    """Return after how long an attempt failed, though it went on; null where one end of it is not known."""
    waited: timedelta | None = attempt["waited"]
    if not ended or waited is None or None in (attempt["started_at"], ended["ended_at"]):
        return waited
    until_then: timedelta = ended["ended_at"] - attempt["started_at"]
    return min(waited, until_then)


def _went_on(attempt: Mapping[str, Any], ended: Mapping[str, Any] | None, runs: pl.DataFrame) -> str:
    """Return what account setup came to where a device went on to it, empty where it did not."""
    if not ended or ended["stage"] != DEVICE_PHASE or attempt["afterwards"] != CONTINUED:
        return ""
    account = runs.filter(pl.col("attempt") == attempt["attempt"], pl.col("stage") == ACCOUNT_PHASE)
    for run in account.filter(pl.col("outcome").is_in(["succeeded", "failed"])).iter_rows(named=True):
        at = f" at {wording.in_zone(run['ended_at'])}" if run["ended_at"] else ""
        return f"{AFTERWARDS[CONTINUED]}; account setup {wording.words(run['outcome'])}{at}"
    return ""


def waited_for(runs: pl.DataFrame, installs: pl.DataFrame) -> Iterator[Line]:
    """Yield in which stage a device waited when it was last seen, and for what as far as that was seen.

    Args:
        runs: Its runs of stages.
        installs: What was tried on it.
    """
    open_ = runs.filter(pl.col("attempt") == pl.col("attempt").max(), pl.col("outcome") == "unfinished")
    if open_.is_empty():
        return
    own = installs.filter(pl.col("attempt") == open_["attempt"][-1])
    last = own.group_by("item", maintain_order=True).last()
    called = (
        last.filter(pl.col("outcome") == "unfinished").select(CALLED).to_series().unique(maintain_order=True)
    )
    what = "; for what, was not seen"
    if called.len():
        what = f"; not finished then: {wording.listed(called.to_list(), MOST_WAITED)}"
    yield Line(f"It waited in {wording.words(open_['stage'][-1])} when last seen{what}.")


def never_named(missed: list[str], rows: pl.DataFrame) -> Iterator[Line]:
    """Yield what was tried and never came where no finding names it: the headline alone counts it.

    Args:
        missed: What `never_came` returned.
        rows: The findings on the device.
    """
    words = "\n".join(rows.select(pl.concat_str("title", pl.col("item").fill_null(""))).to_series())
    unnamed = [
        name for name in dict.fromkeys(missed) if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words)
    ]
    if unnamed:
        yield Line(f"Did not go through: {wording.listed(unnamed, MOST_MISSED)}.")


def _where(stage: str | None, marks: pl.DataFrame, step: str | None) -> str:
    """Return in which stage an attempt failed; no phase where the status page's own record shows none."""
    if stage is None:
        return ""
    if step and stage in STEPS_IN:
        return f' in {wording.words(stage)} (step "{step}" of the status page)'
    of_page = marks.filter(pl.col("mark").is_in(PAGE_ENDS), pl.col("stage").is_null())
    ran = (marks["stage"].cast(pl.String) == stage).any()
    unseen = stage in PHASES and of_page.height and not ran
    return ON_THE_PAGE if unseen else f" in {wording.words(stage)}"


def _after(waited: timedelta | None) -> str:
    """Return after how long an attempt ended, empty where its beginning or its end is not known."""
    if waited is None:
        return ""
    return f" after {wording.span(waited)}" if waited >= timedelta(seconds=1) else " at once"


def unknown_errors_of(tables: Tables, trace: Trace, findings: Findings, device: str) -> Iterator[Line]:
    """Yield what errors were read of a device without an attempt that nothing explains."""
    if words := error_words(unexplained(tables, trace, findings, device)):
        yield Line(wording.sentence(words))


def _until(
    attempt: Mapping[str, Any], lead: list[dict[str, Any]], evidence: pl.DataFrame, marks: pl.DataFrame
) -> str:
    """Return until when a failed stage failed again long after its attempt; nothing where it did not."""
    same = [one for one in lead if attempt["failed_stage"] and one["stage"] == attempt["failed_stage"]]
    ended_at = attempt["ended_at"]
    for one in same if ended_at else []:
        latest = pl.concat([proofs_of(one, evidence)["at"], _tries(one, marks)]).max()
        if isinstance(latest, datetime) and latest - ended_at >= LONG_AFTER:
            return f", and again and again until {wording.in_zone(latest)}"
    return ""


def last_stage(attempts: pl.DataFrame) -> str | None:
    """Return the stage in which the last attempt failed, or the last that was seen when it had no end."""
    return attempts["failed_stage"][-1] if attempts.height else None


def came_to(outcome: str) -> str:
    """Return what an attempt or a device came to, to be read after its name.

    Args:
        outcome: Of an attempt or of a verdict.
    """
    known = {
        "failed": "failed",
        "succeeded": "succeeded",
        "unfinished": "had not ended when last seen",
        "nothing_ran": "was not enrolled in what was seen",
    }
    return known.get(outcome, "has no end in what was read")


def since(
    lead: list[dict[str, Any]],
    evidence: pl.DataFrame,
    attempts: pl.DataFrame,
    local: pl.DataFrame,
    *,
    marks: pl.DataFrame,
    followed: list[dict[str, Any]],
) -> Iterator[Line]:
    """Yield since when, when last and how often; where nothing leads, when the last attempt began.

    Args:
        lead: The findings that lead the answer.
        evidence: The evidence of the same search.
        attempts: The attempts of the device, in order.
        local: What `local_times` returned: the hour that a record wrote on the device's own clock.
        marks: Those of the device, which know later tries that belong to no attempt.
        followed: What follows from what leads; its proofs may name the time of a try.
    """
    if not lead and (began := _beginning(attempts)):
        yield Line(f"The last attempt {began}.")
    for one in lead:
        proofs = proofs_of(one, evidence)
        again = _tries(one, marks)
        times = pl.concat([proofs["at"].drop_nulls(), again]).sort()
        first = one["at"] or (times[0] if times.len() else None)
        last = times[-1] if times.len() and first and (times[-1] - first).total_seconds() >= 60 else None
        until = f", last at {wording.in_zone(last)} ({wording.span(last - first)} later)" if last else ""
        until += f", {again.len():,} times" if last and again.len() > 1 else ""
        if first:
            yield Line(f"{wording.in_zone(first)}{until}.")
        else:
            own_clock = _local(written_times(proofs, local)["written_at"])
            quoted = _quoted(proofs["quote"]) or _quoted_of(followed, evidence)
            yield Line(own_clock or quoted or _failed_with(one, attempts) or _begun(attempts))
    if lead:
        yield from _began_before(attempts)


def _tries(finding: Mapping[str, Any], marks: pl.DataFrame) -> pl.Series:
    """Return when the same stage failed with the same code since, each try once; a task tries for days."""
    same = marks.filter(
        pl.col("code") == pl.lit(finding["code"], pl.String),
        pl.col("stage").cast(pl.String) == pl.lit(finding["stage"], pl.String),
        pl.col("at") >= pl.lit(finding["at"], marks.schema["at"]),
    )["at"].sort()
    return same.filter((same.diff() >= FAILURES_APART).fill_null(value=True))


def _quoted_of(followed: list[dict[str, Any]], evidence: pl.DataFrame) -> str:
    """Return the time of a try that the proofs of what follows name; empty where none does."""
    named = (_quoted(proofs_of(one, evidence)["quote"]) for one in followed)
    return next(filter(None, named), "")


def _quoted(quotes: pl.Series) -> str:
    """Return the time that a proof itself names: of the try that it tells of, or of the end of its log."""
    tried = quotes.str.extract(TRIED).drop_nulls()
    if tried.len():
        last = wording.in_zone(tried[0])
        return f"When it began is not known; {NAMED_TRY} was at {last}."
    ended = quotes.str.extract_groups(LOG_ENDED).struct.unnest().drop_nulls()
    if ended.is_empty():
        return ""
    day, time = ended["day"][0], ended["time"][0]
    return f"The log ended {day} {time}, as it writes it: which part is the day is not known."


def _failed_with(finding: Mapping[str, Any], attempts: pl.DataFrame) -> str:
    """Return when the last attempt failed with the code of an undated finding; empty if it did not."""
    last = attempts.tail(1).drop_nulls(["code", "ended_at"])
    if last.is_empty() or last["code"][0] != finding["code"]:
        return ""
    return f"{wording.in_zone(last['ended_at'][0])}, when the last attempt failed with this code."


def _begun(attempts: pl.DataFrame) -> str:
    """Return when the last attempt began, where nothing dates what went wrong in it."""
    began = _beginning(attempts)
    known = f"; the last attempt {began}" if began else ""
    return f"Its records carry no time{known}."


def _beginning(attempts: pl.DataFrame) -> str:
    """Return when the last attempt began, or before what where no record begins it; empty if unknown."""
    last = attempts.tail(1).to_dicts()
    if not last or last[0]["started_at"] is None:
        return ""
    return f"{'began before' if _unbegun(last[0]) else 'began'} {wording.in_zone(last[0]['started_at'])}"


def _unbegun(attempt: Mapping[str, Any]) -> bool:
    """Tell whether no record shows the beginning of an attempt; older ones say it by having no length."""
    if attempt["begun"] is not None:
        return not attempt["begun"]
    return attempt["ended_at"] is not None and attempt["waited"] is None


def _began_before(attempts: pl.DataFrame) -> Iterator[Line]:
    """Yield that the last attempt began before the first that was seen of it, where that matters."""
    for one in attempts.tail(1).drop_nulls("started_at").to_dicts():
        at_once = one["ended_at"] is not None and one["ended_at"] - one["started_at"] < AT_ONCE
        if _unbegun(one) and not at_once:
            yield Line(f"The attempt began before {wording.in_zone(one['started_at'])}; {NOT_RECORDED}.")


def _local(times: pl.Series) -> str:
    """Return first and last instant on the device's own clock; empty where none is written."""
    if times.is_empty():
        return ""
    first, last = map(wording.instant, times.sort().gather([0, -1]))
    until = f", last at {last}" if last != first else ""
    return f"{first}{until}{OWN_CLOCK}."


def without_zone(events: pl.DataFrame, device: str) -> bool:
    """Tell whether a device's events stand as a list gave them, in local time whose zone nothing tells.

    Args:
        events: The table `events`.
        device: The device's key.
    """
    return device in looking.on_own_clock(events)


def day_in_doubt(gaps: pl.DataFrame, device: str) -> Iterator[Line]:
    """Yield that nothing shows which number of the dates is the day, and how they were read.

    Args:
        gaps: The table `gaps`.
        device: The device's key.
    """
    own = gaps.filter(pl.col("device") == device)["reason"]
    orders = own.str.strip_prefix(DOUBTED).filter(own.str.starts_with(DOUBTED)).unique(maintain_order=True)
    for order in orders:
        yield Line(f"Nothing shows which number of its dates is the day: they were read as {order}.")


def on_own_clock(section: Section) -> Section:
    """Return a section whose instants claim no zone; the one that dates says whose clock it was."""
    own = f"{OWN_CLOCK}." if section.label == Part.SINCE else ""
    lines = [
        replace(line, text=text.rstrip(".") + own if own and text != line.text else text)
        for line in section.lines
        for local in [line.kind == "text" and NAMED_TRY not in line.text]
        for text in [line.text.replace(wording.IN_ZONE, "") if local else line.text]
    ]
    return replace(section, lines=tuple(lines))


def by_the_service(section: Section, behind: timedelta) -> Section:
    """Return a section whose instants, which a wrong clock wrote, stand at the service's time.

    Args:
        section: A section of an answer.
        behind: What the clock lacked of that time; negative where it was ahead.
    """

    def moved(text: str) -> str:
        return _WRITTEN.sub(lambda at: wording.in_zone(datetime.fromisoformat(at[1]) + behind), text)

    lines = [replace(line, text=moved(line.text)) if line.kind == "text" else line for line in section.lines]
    shown = _WRITTEN.search(" ".join(line.text for line in section.lines))
    if section.label == Part.SINCE and shown:
        lines.append(
            Line(f"This is the service's time; the device's own clock was wrong and showed {shown[1]}.")
        )
    return replace(section, lines=tuple(lines))

"""A calm end: what went well where nothing failed, so that nobody is asked for more or told "unknown"."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.marks import ESP_PAGE_LEFT
from autopilot_analysis.facts.quote_groups import SUCCEEDED
from autopilot_analysis.facts.quotes import kinds
from autopilot_analysis.findings.answers.to_do import happened
from autopilot_analysis.findings.answers.without_attempt.good_words import good_words
from autopilot_analysis.findings.answers.without_attempt.join_words import join_words
from autopilot_analysis.findings.answers.without_attempt.log_ends import good_end
from autopilot_analysis.findings.answers.without_attempt.unknown_errors import unexplained
from autopilot_analysis.readers.texts.reported.quotes import SECTION
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import ENDED_WELL, FAILED_TRIES
from autopilot_analysis.tables.story import APPS
from autopilot_analysis.tables.verdict import INFO

MOST_NAMED = 3
"""So many apps that came are named; more are counted."""
PAGE_LEFT, NO_ERROR = ESP_PAGE_LEFT, r"errorCode\W{1,8}0\b"
"""The mark of a status page that was left, and what its record holds where that was without an error."""
FALSE_ALARM = "REPORTED-FALSE-ALARM"
"""The rule of a text by which a deployment went well although something called it failed."""
SUCCESS = "SUCCESS-QUOTED"
"""The rule of what a text says went well."""
NOTHING_QUOTED = "nothing failed in what is quoted"
REPORTED_WELL = "the deployment is reported to have gone well"
LEFT_UNDONE = "nothing is left undone in what was seen"
LEFT_WELL = "the status page was left without an error"


def calm_end(tables: Tables, trace: Trace, findings: Findings, device: str) -> str | None:
    """Return what went well on a device of which no attempt is known to have failed or to have an end.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.
        device: Its key.

    Returns:
        None beside anything that failed, or that nothing explains unless a log's own good end comes after it.
    """
    own = pl.col("device") == device
    found = findings.findings.filter(own)
    if found.select(((pl.col("severity") != INFO) | happened()).any()).item():
        return None
    attempts = trace.attempts.filter(own)
    if attempts.height:
        last = attempts.sort("attempt").tail(1)
        return _left_the_page(trace, device) if last["outcome"][0] == "unknown" else None
    errors = unexplained(tables, trace, findings, device)
    if errors.height:
        return _in_spite(good_end(tables, device, errors), errors.height)
    joined = join_words(tables, device)
    if joined is not None:
        return joined if joined.endswith(wording.NOTHING_FAILED) else None
    if found["rule"].unique().to_list() == [FALSE_ALARM]:
        return f"{REPORTED_WELL}; {wording.NOTHING_FAILED}"
    if found["rule"].unique().to_list() == [SUCCESS]:
        return f"{NOTHING_QUOTED}: {_quoted_success(tables.properties.filter(own))}"
    came = _came(trace.installs.filter(own))
    if came or found.height:
        return came
    end = good_end(tables, device, errors)
    return f"{end}; {wording.NOTHING_FAILED}" if end else good_words(tables, device)


def _quoted_success(properties: pl.DataFrame) -> str:
    """Return what a text says went well, in the order of a deployment."""
    quoted = set(properties.filter(pl.col("section") == SECTION)["name"])
    well = [kind.item for kind in kinds() if kind.group == SUCCEEDED and kind.kind in quoted]
    return " and ".join(filter(None, (", ".join(well[:-1]), well[-1])))


def _in_spite(end: str | None, errors: int) -> str | None:
    """Return a good end with the count of the errors before it that nothing explains."""
    if end is None:
        return None
    verb = "is" if errors == 1 else "are"
    return f"{end}; {wording.count(errors, 'error record')} before it {verb} not known here"


def _left_the_page(trace: Trace, device: str) -> str | None:
    """Return that the status page was left without an error, where no stage failed."""
    own = pl.col("device") == device
    if "failed" in trace.stage_runs.filter(own)["outcome"].cast(pl.String).to_list():
        return None
    left = trace.marks.filter(own, pl.col("mark") == PAGE_LEFT)["detail"].fill_null("")
    well = left.str.contains(NO_ERROR)
    return f"{LEFT_WELL}; {wording.NOTHING_FAILED}" if left.len() and well.all() else None


def _came(installs: pl.DataFrame) -> str | None:
    """Return which apps came, where nothing that was tried is left undone."""
    last = installs.group_by("item", maintain_order=True).last()
    good = last.filter(pl.col("outcome") == "succeeded", pl.col("kind").cast(pl.String).is_in(APPS))
    if good.is_empty() or not last["outcome"].cast(pl.String).is_in(ENDED_WELL).all():
        return None
    names = good.select(CALLED).to_series().to_list()
    named = ", ".join(names) if len(names) <= MOST_NAMED else wording.count(len(names), "app")
    verb = "was" if len(names) == 1 else "were"
    again = installs["outcome"].cast(pl.String).is_in(FAILED_TRIES).any()
    end = f" at a later try; {LEFT_UNDONE}" if again else f"; {wording.NOTHING_FAILED}"
    return f"{named} {verb} installed{end}"

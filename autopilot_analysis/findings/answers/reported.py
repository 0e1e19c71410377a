"""What a report of the service, or whoever wrote a text, says beside what the device's own files say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.codes import explain
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.answers.happened import came_to
from autopilot_analysis.findings.looking import once
from autopilot_analysis.readers.texts.reported.shares import SHARES
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.fleet import TOLD_BY
from autopilot_analysis.tables.outcomes import FINISHED
from autopilot_analysis.tables.story import CONTINUED, TRIED_AGAIN
from autopilot_analysis.trace.outcomes.reported import by_report, find_reported

QUOTED = 180
"""So many signs of what a text counts are quoted."""
CARRIED_ON = [CONTINUED, TRIED_AGAIN]
"""What was done after a failure, of which a report tells the end that came then."""


def reported_lines(tables: Tables, trace: Trace, device: str) -> Iterator[Line]:
    """Yield that the end of the last attempt stands in a report alone, or that both contradict each other.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        device: The device's key.
    """
    if tables.deployments.is_empty():
        return
    attempts = trace.attempts.filter(pl.col("device") == device).sort("attempt").tail(1)
    ends = _ends(tables, trace).join(attempts, on=["device", "attempt"], how="inner")
    for one in ends.to_dicts():
        runs = trace.stage_runs.filter(pl.col("device") == device, pl.col("attempt") == one["attempt"])
        if one["outcome"] == one["reported"]:
            if runs.select(by_report().any()).item():
                yield Line(f"That it {one['reported']}{_code(one)} stands in {TOLD_BY[one['origin']]} alone.")
        elif one["outcome"] not in FINISHED:
            yield Line(f"{_subject(one)} says that it {_end(one)}; what was read of the device does not.")
        elif one["afterwards"] not in CARRIED_ON:
            yield Line(
                f"{_subject(one)} says otherwise: that it {_end(one)}. By the device's own records it "
                f"{came_to(one['outcome'])}."
            )


def share_lines(tables: Tables, device: str) -> Iterator[Line]:
    """Yield how many of several devices a text says that something met: its sender's count, none measured.

    Args:
        tables: What `read_tables` returned.
        device: The device's key.
    """
    rows = tables.properties.filter(pl.col("device") == device, pl.col("section") == SHARES)
    for words in rows["value"].unique(maintain_order=True):
        shown = quoting.in_quotes(quoting.cut(words, QUOTED))
        yield Line(f"The text speaks of several devices: {shown}. That is its sender's count, not measured.")


@once
def _ends(tables: Tables, trace: Trace) -> pl.DataFrame:
    return find_reported(tables, trace.stage_runs)


def _subject(one: Mapping[str, Any]) -> str:
    return wording.capital(TOLD_BY[one["origin"]])


def _end(one: Mapping[str, Any]) -> str:
    """Return how an attempt ended by a report: in which stage, after how long, with which code."""
    failed_stage = one["reported_stage"] if one["reported"] == "failed" else None
    stage = f" in {wording.words(failed_stage)}" if failed_stage else ""
    after = f" after {wording.span(one['total'])}" if one["total"] else ""
    return f"{one['reported']}{stage}{after}{_code(one)}"


def _code(one: Mapping[str, Any]) -> str:
    """Return with which code an attempt failed by a report, and what that means; empty for none."""
    if one["reported"] != "failed" or not one["reported_code"]:
        return ""
    code = explain(one["reported_code"], stage=one["reported_stage"], scenario=one["scenario"])
    means = f" ({code.meaning})" if code.meaning and code.certainty != "unknown" else ""
    return f" with {one['reported_code']}{means}"

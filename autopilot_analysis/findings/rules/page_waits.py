"""The waits of the status page that did not end well: from when to when, and what was still open."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import once
from autopilot_analysis.findings.rules.page_parts import open_parts
from autopilot_analysis.findings.rules.page_tries import out_of_time
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import PHASES
from autopilot_analysis.trace.place import PAGE_WAITS

ATTEMPT = ["device", "attempt"]


@once
def waits(trace: Trace) -> pl.DataFrame:
    """Return the phases of the status page that ran out of time, or of whose end nothing is known.

    Args:
        trace: What `build_trace` returned.

    Returns:
        One row a wait: device, attempt, stage, phase (device or account), begun_at, over_at (as late as a
        page can end where its end is not known), ended (whether it is).
    """
    late = out_of_time(trace).select(*ATTEMPT, "stage").unique()
    runs = trace.stage_runs.filter(pl.col("stage").is_in(PHASES))
    ended = runs.filter(pl.col("outcome") == "failed").join(late, on=late.columns, how="semi")
    unended = trace.attempts.filter(pl.col("outcome") == "unfinished").select(ATTEMPT)
    still = runs.filter(pl.col("outcome") == "unfinished").join(unended, on=ATTEMPT, how="semi")
    begun = trace.attempts.select(*ATTEMPT, attempt_at="started_at")
    both = pl.concat([ended, still]).join(begun, on=ATTEMPT, how="left", maintain_order="left")
    return both.with_columns(begun_at=pl.coalesce("started_at", "attempt_at")).select(
        *ATTEMPT,
        "begun_at",
        stage=pl.col("stage").cast(pl.String),
        phase=pl.col("stage").cast(pl.String).str.strip_suffix("_setup"),
        over_at=pl.coalesce("ended_at", pl.col("begun_at") + PAGE_WAITS),
        ended=pl.col("ended_at").is_not_null(),
    )


def within(rows: pl.DataFrame, waiting: pl.DataFrame) -> pl.DataFrame:
    """Return the dated rows that lie in a wait of their device, with the columns of that wait.

    Args:
        rows: Rows with device and at.
        waiting: Rows of `waits`.
    """
    placed = rows.drop("attempt", "phase", "stage", strict=False).join(
        waiting, on="device", maintain_order="left"
    )
    return placed.filter(pl.col("at").is_between(pl.col("begun_at"), pl.col("over_at")))


def waiting_for(tables: Tables, trace: Trace, part: str) -> pl.DataFrame:
    """Return the waits, but none whose page kept other parts open and not this one.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        part: As the page spells it, such as Apps.
    """
    place = ["device", "phase"]
    shown = open_parts(tables).select(*place, "part")
    others = shown.join(shown.filter(pl.col("part") == part), on=place, how="anti")
    return waits(trace).join(others, on=place, how="anti", maintain_order="left")

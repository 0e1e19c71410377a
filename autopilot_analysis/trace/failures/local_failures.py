"""Failures that a list of events holds in local time, where other records of the device are in UTC.

Nothing tells their instants, so the state machine never meets them. They are failures of the device all the
same: where one can lie in an attempt whose end nobody saw, it is that attempt's.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.clock.local_lists import part_listed
from autopilot_analysis.clock.offsets import FURTHEST, FURTHEST_BEHIND
from autopilot_analysis.readers.device.enrollment import ALREADY_ENROLLED
from autopilot_analysis.tables import STAGES, Tables
from autopilot_analysis.trace.numbering import BUILT_UPON
from autopilot_analysis.trace.outcomes.registry_outcomes import NOTED
from autopilot_analysis.trace.place import PAGE_WAITS

RECORD = ["device", "member", "record"]
LATER = ("start", "end", "downloaded")
"""Edges of marks by which a device got further than it had failed."""


def find_local_failures(
    found: pl.DataFrame, tables: Tables, numbered: pl.DataFrame, runs: pl.DataFrame
) -> pl.DataFrame:
    """Return device, stage, state (failed), code and attempt of such failures, the first of each stage.

    A failure is none of an attempt that had got further, nor where the list itself, or the device's
    enrolment, shows that it went through later; one of another computer is none of the device.

    Args:
        found: What `find_marks` returned.
        tables: What `read_tables` returned.
        numbered: What `number_attempts` returned.
        runs: Stage runs so far.

    Returns:
        The columns of `find_registry_outcomes` and `attempt`, which `settle` takes.
    """
    listed = part_listed(tables.events.filter(pl.col("at").is_null()))[0]
    if listed.is_empty():
        return found.clear().select("device", "stage", attempt=pl.lit(1), state=pl.lit("failed"), **NOTED)
    listed = listed.select(*RECORD, "computer", written_at="recorded_at")
    marks = found.filter(pl.col("at").is_null()).join(listed, on=RECORD, maintain_order="left")
    ends = marks.filter(pl.col("terminal") == "yes", pl.col("code").ne_missing(ALREADY_ENROLLED))
    failed = _with_stage(ends.filter(pl.col("edge").is_in(["fail", "esp_fail"])), runs)
    own = _stood(_of_the_device(failed, tables), marks, tables)
    placed = _in_attempts(own, numbered)
    further = runs.filter(pl.col("outcome") != "skipped").select(
        "device", "attempt", reached=pl.col("stage").to_physical()
    )
    past = placed.join(further, on=["device", "attempt"]).filter(
        pl.col("reached") > pl.col("stage").to_physical()
    )
    left = placed.join(past, on=RECORD, how="anti", maintain_order="left")
    first = left.sort("written_at", maintain_order=True).unique(["device", "stage"], keep="first")
    return first.select("device", "stage", "attempt", state=pl.lit("failed"), **NOTED)


def _with_stage(failed: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return failures with the phase of the page that was under way, where they name none."""
    account = runs.filter(pl.col("stage") == "account_setup", pl.col("outcome") != "skipped")
    begun = pl.col("device").is_in(account["device"].implode())
    phase = pl.when(begun).then(pl.lit("account_setup")).otherwise(pl.lit("device_setup"))
    return failed.with_columns(stage=pl.col("stage").fill_null(phase.cast(pl.Enum(STAGES))))


def _of_the_device(failed: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return failures less those that another computer recorded than the device was ever called."""
    dated = tables.events.filter(pl.col("at").is_not_null()).select("device", name="computer")
    called = pl.concat([dated, tables.devices.select("device", "name")]).drop_nulls().unique()
    known = pl.col("device").is_in(called["device"].implode()) & pl.col("computer").is_not_null()
    names = called.with_columns(_short(pl.col("name")).alias("called"), its=pl.lit(value=True))
    whose = failed.with_columns(called=_short(pl.col("computer"))).join(
        names.select("device", "called", "its").unique(),
        on=["device", "called"],
        how="left",
        maintain_order="left",
    )
    return whose.filter(~known | pl.col("its").fill_null(value=False)).drop("called", "its")


def _short(name: pl.Expr) -> pl.Expr:
    """Return the name of a computer without its domain, as names are compared."""
    return name.str.to_lowercase().str.split(".").list.first()


def _stood(failed: pl.DataFrame, marks: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return failures that neither the list nor the device's enrolment shows to have been overcome."""
    onward = marks.filter(pl.col("edge").is_in(LATER), pl.col("stage").is_not_null())
    onward = onward.select("device", later_at="written_at", later=pl.col("stage").to_physical())
    closes = pl.col("later") >= pl.col("stage").to_physical()
    overcome = failed.join(onward, on="device").filter(closes, pl.col("later_at") > pl.col("written_at"))
    enrolled = tables.devices.filter(pl.col("enrolled").fill_null(value=False))["device"]
    behind = pl.col("device").is_in(enrolled.implode()) & pl.col("stage").is_in(BUILT_UPON)
    return failed.filter(~behind).join(overcome, on=RECORD, how="anti", maintain_order="left")


def _in_attempts(failed: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return failures with the last attempt in which each can lie, wherever its local time was."""
    spans = numbered.group_by("device", "attempt").agg(
        first_at=pl.col("at").min(), over_at=pl.col("at").max() + PAGE_WAITS
    )
    earliest, latest = pl.col("written_at") - FURTHEST, pl.col("written_at") + FURTHEST_BEHIND
    possible = (latest >= pl.col("first_at")) & (earliest <= pl.col("over_at"))
    both = failed.join(spans, on="device").filter(possible)
    return both.sort("attempt", maintain_order=True).unique(RECORD, keep="last", maintain_order=True)

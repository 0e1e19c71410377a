"""Attempts of captures -> deployments, beside those of Graph and reports."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from autopilot_analysis.fleet.deployments.captured_details import details_of_captures
from autopilot_analysis.fleet.deployments.passed import flags_of_passed
from autopilot_analysis.tables import SCHEMAS, Tables, Trace
from autopilot_analysis.tables.fleet import CAPTURE, describing
from autopilot_analysis.tables.story import APPS, ON_THE_PAGE

OUTCOMES = {"succeeded": "succeeded", "failed": "failed", "unfinished": "in_progress"}
"""Outcome of an attempt -> of a deployment; `skipped` is no deployment and all others are unknown."""
BEGAN_BEFORE = "began_before"
"""The flag of an attempt whose beginning no record shows: `started_at` is the first that was seen."""


def build_deployments(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return one row for each attempt of each capture, and the rows of Graph and report exports beside them.

    An unfinished attempt after which another began was abandoned then; the last one is in progress and was
    watched until the capture was made. A capture without an attempt at Autopilot leaves no row.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.

    Returns:
        Rows of `deployments`, with every column that describes a device and that `devices` has. The key of
        an attempt is `<device>/<attempt>`. `total` and the stages are those that were seen to end;
        `apps` and `policies` count the items the capture tells of, null when it tells of none. `flags` names
        the last stage that an attempt in progress passed, and `BEGAN_BEFORE` where the records of its
        beginning are cut away, so that `started_at` is its first record; `details` holds what else captures
        are compared by.
        `member` and `record` are those of the record that ended it: its failure, else the last that was seen.
    """
    schema = SCHEMAS["deployments"]
    described = [name for name in describing() if name in tables.devices.columns]
    devices = tables.devices.select(
        "device", "collected_at", "intune_device_id", "entra_device_id", *described, profile="profile_name"
    )
    runs = trace.stage_runs.filter(pl.col("outcome") != "skipped")
    spans = runs.group_by("device", "attempt").agg(
        pl.col("waited").filter(pl.col("stage") == stage).sum().alias(stage) for stage in ON_THE_PAGE
    )
    last_run = runs.group_by("device", "attempt").agg(
        (pl.col("waited").is_not_null() & (pl.col("stage") == stage)).any().alias(f"{stage}_seen")
        for stage in ON_THE_PAGE
    )
    items = trace.installs.group_by("device", "attempt").agg(
        apps=pl.col("item").filter(pl.col("kind").is_in(APPS)).n_unique(),
        policies=pl.col("item").filter(pl.col("kind") == "policy").n_unique(),
    )
    attempts = trace.attempts.filter(pl.col("outcome") != "skipped").sort("device", "attempt")
    found = (
        attempts.with_columns(next_at=pl.col("started_at").shift(-1).over("device"))
        .join(devices, on="device", how="left", maintain_order="left")
        .join(spans.join(last_run, on=["device", "attempt"]), on=["device", "attempt"], how="left")
        .join(items, on=["device", "attempt"], how="left")
    )
    found = found.join(flags_of_passed(runs), on=["device", "attempt"], how="left", maintain_order="left")
    found = found.join(details_of_captures(tables, trace), on="device", how="left", maintain_order="left")
    found = found.join(_last_records(runs, attempts), on=["device", "attempt"], how="left")
    ended = _ended(found.sort("device", "attempt"))
    rows = ended.select(_columns(ended.columns)).sort("device", "deployment")
    known = tables.deployments.filter(pl.col("origin") != CAPTURE)
    return schema.cast(pl.concat([schema.cast(rows), schema.cast(known)]))


def _flags() -> pl.Expr:
    """Return what an attempt in progress passed, and that no record begins it, comma between them."""
    passed = pl.when(pl.col("outcome") == "in_progress").then("passed")
    before = pl.when(~pl.col("begun")).then(pl.lit(BEGAN_BEFORE))
    joined = pl.concat_str(passed, before, separator=",", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def _last_records(runs: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """Return the file and the record that ended each attempt: of the stage that failed, else of the last."""
    failed = attempts.select("device", "attempt", "failed_stage")
    rows = runs.join(failed, on=["device", "attempt"]).filter(
        pl.col("ended_member").is_not_null() | pl.col("started_member").is_not_null()
    )
    last_at = pl.coalesce("ended_at", "started_at")
    by_end = pl.col("ended_member").is_not_null()
    last = rows.sort(
        (pl.col("stage") == pl.col("failed_stage")).fill_null(value=False), last_at, nulls_last=False
    ).unique(["device", "attempt"], keep="last", maintain_order=True)
    return last.select(
        "device",
        "attempt",
        member=pl.when(by_end).then("ended_member").otherwise("started_member"),
        record=pl.when(by_end).then("ended_record").otherwise("started_record"),
    )


def _ended(found: pl.DataFrame) -> pl.DataFrame:
    """Tell how each attempt ended, or how long it was watched."""
    outcome = pl.col("outcome").cast(pl.String).replace_strict(OUTCOMES, default="unknown")
    later = pl.col("next_at").is_not_null()
    rows = found.with_columns(
        outcome=pl.when((outcome == "in_progress") & later).then(pl.lit("abandoned")).otherwise(outcome)
    )
    until = pl.coalesce("next_at", "collected_at")
    open_ended = pl.col("ended_at").is_null() | pl.col("outcome").is_in(["in_progress", "abandoned"])
    return rows.with_columns(
        ended_at=pl.when(~open_ended).then("ended_at"),
        observed_until=pl.when(open_ended & (until >= pl.col("started_at"))).then(until),
    )


def _columns(known: Sequence[str]) -> list[pl.Expr]:
    """Return every column of `deployments`, made from a joined attempt; what no capture knows is null."""
    key = pl.format("{}/{}", "device", "attempt")
    made = {
        "deployment": key,
        "origin": pl.lit(CAPTURE),
        "enrollment_type": pl.col("scenario"),
        "flags": _flags(),
        "total": pl.when(pl.col("waited").is_not_null()).then(pl.col("ended_at") - pl.col("started_at")),
        **{stage: pl.when(f"{stage}_seen").then(stage) for stage in ON_THE_PAGE},
        **{name: pl.when(pl.col(name) > 0).then(name) for name in ("apps", "policies")},
    }
    return [
        made.get(name, pl.col(name) if name in known else pl.lit(None)).alias(name)
        for name in SCHEMAS["deployments"].column_names()
    ]

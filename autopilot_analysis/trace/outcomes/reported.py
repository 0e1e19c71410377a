"""Ends of attempts that a report of the service tells, where it lies beside a device's own records.

A row is of the device whose serial, id or name it gives, and of the attempt in whose time it lies. Its word
counts where no record of the device shows an end.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.readers.serials import is_placeholder
from autopilot_analysis.tables import Tables
from autopilot_analysis.tables.fleet import CAPTURE, REPORT_V2
from autopilot_analysis.tables.outcomes import FINISHED, SAME_START_WITHIN
from autopilot_analysis.tables.story import PHASES
from autopilot_analysis.trace.outcomes.registry_outcomes import settle
from autopilot_analysis.trace.page_off import OPEN
from autopilot_analysis.trace.stages import STAGE

NO_END = r"\b(?:enrollment_only|failed_first_try_frozen)\b"
"""Flags of a row that tells no end: of an enrolment alone, and of a first try that stands unchanged."""
LOCAL = r"\blocal_time\b"
"""The flag of a row whose times are those of somebody's browser."""
OF_A_BROWSER = timedelta(days=1)
"""So far its times may lie from those in UTC."""
IDS = ("intune_device_id", "entra_device_id")
"""Ids of a device; a report may hold either under the name of the other."""
REPORTED: dict[str, pl.DataType] = {
    "device": pl.String(),
    "attempt": pl.Int64(),
    "origin": pl.String(),
    "reported": pl.String(),
    "reported_stage": STAGE,
    "reported_code": pl.String(),
    "reported_at": pl.Datetime("us", "UTC"),
    "total": pl.Duration("us"),
}


def find_reported(tables: Tables, runs: pl.DataFrame) -> pl.DataFrame:
    """Return what reports say of the end of attempts: one row an attempt, with the columns of REPORTED.

    Args:
        tables: What `read_tables` returned.
        runs: Stage runs.
    """
    flags = pl.col("flags").fill_null("")
    finished = tables.deployments.filter(
        pl.col("origin") != CAPTURE, pl.col("outcome").is_in(FINISHED), ~flags.str.contains(NO_END)
    )
    if finished.is_empty() or runs.is_empty():
        return pl.DataFrame(schema=REPORTED)
    local = flags.str.contains(LOCAL)
    began, ended = (pl.when(~local).then(name) for name in ("started_at", "ended_at"))
    rows = finished.with_row_index("row").with_columns(
        began=began, reported_at=pl.coalesce(ended, began + pl.col("total"))
    )
    placed = _in_attempts(_of_devices(rows, tables.devices), runs)
    return placed.select(pl.col(name).cast(kind) for name, kind in REPORTED.items())


def still_open(ends: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """Return what reports say of attempts of whose end no record of the device tells.

    Args:
        ends: What `find_reported` returned.
        attempts: What `build_attempts` returned.
    """
    without_end = attempts.filter(pl.col("outcome").is_in(OPEN))
    return ends.join(without_end, on=["device", "attempt"], how="semi", maintain_order="left")


def settle_reported(
    runs: pl.DataFrame, ends: pl.DataFrame, openings: pl.DataFrame, scenarios: pl.DataFrame
) -> pl.DataFrame:
    """Return runs that take a report's word on attempts of whose end no record of the device tells.

    Device preparation has one stage that a report speaks of. Elsewhere a success is one of the last phase
    that is due, and of the phase before it; a failure without a stage is one of the stage under way.

    Args:
        runs: Stage runs.
        ends: What `still_open` returned.
        openings: device, attempt and opening of the attempts.
        scenarios: device, attempt and scenario.
    """
    attempt = ["device", "attempt"]
    at_work = pl.col("stage").filter(pl.col("outcome").is_in(OPEN)).max()
    under_way = runs.group_by(attempt).agg(at_work=at_work)
    whole = (pl.col("reported") == "succeeded") & (pl.col("origin") != REPORT_V2)
    one = pl.concat_list(pl.coalesce("reported_stage", "at_work").cast(pl.String))
    outcomes = (
        ends.join(under_way, on=attempt, how="left", maintain_order="left")
        .with_columns(stage=pl.when(whole).then(pl.lit(PHASES)).otherwise(one))
        .explode("stage")
        .drop_nulls("stage")
        .select(
            *attempt,
            pl.col("stage").cast(STAGE),
            state="reported",
            noted="reported_code",
            noted_member=pl.lit(None, pl.String),
            noted_record=pl.lit(None, pl.Int64),
        )
    )
    settled = settle(runs, outcomes, openings, scenarios)
    dated = settled.join(ends.select(*attempt, "reported_at"), on=attempt, how="left", maintain_order="left")
    ran = pl.col("stage").filter(pl.col("outcome") != "skipped")
    last = pl.col("stage") == ran.max().over(attempt)
    later = (pl.col("reported_at") > pl.col("started_at")).fill_null(value=True)
    at = pl.when(by_report() & last & later).then("reported_at")
    return dated.with_columns(ended_at=pl.coalesce("ended_at", at)).drop("reported_at")


def by_report() -> pl.Expr:
    """Return which stage runs have their end from a report alone: no record of the device shows it."""
    return pl.col("outcome").is_in(FINISHED) & pl.col("ended_member").is_null()


def _of_devices(rows: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are of one device that speaks for itself, `device` its key.

    A name that several devices have is none; two serials that differ are two devices.
    """
    low = {name: pl.col(name).str.strip_chars().str.to_lowercase() for name in ("serial", "name", *IDS)}
    low["serial"] = pl.when(~is_placeholder(pl.col("serial"))).then(low["serial"])
    theirs, own = rows.select("row", **low), devices.select("device", **low)
    unique_names = own.filter(pl.col("name").is_not_null(), pl.len().over("name") == 1)
    ids = [
        frame.unpivot(IDS, index=key, value_name="id").drop_nulls("id").select(key, "id")
        for frame, key in ((theirs, "row"), (own, "device"))
    ]
    met = pl.concat(
        [
            theirs.join(own, on="serial").select("row", "device"),
            ids[0].join(ids[1], on="id").select("row", "device"),
            theirs.join(unique_names, on="name").select("row", "device"),
        ]
    ).unique(maintain_order=True)
    serials = met.join(theirs.select("row", one="serial"), on="row").join(
        own.select("device", other="serial"), on="device"
    )
    same = (pl.col("one") == pl.col("other")).fill_null(value=True)
    sure = serials.filter(same).filter(pl.col("device").n_unique().over("row") == 1)
    return rows.drop("device").join(sure.select("row", "device"), on="row").sort("row")


def _in_attempts(rows: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the attempt each speaks of: of those it spans the last, else the nearest.

    Where no time stands, or one of an unknown zone on that day, one row is of one attempt.
    """
    first = pl.min_horizontal("started_at", "ended_at").min()
    last = pl.max_horizontal("started_at", "ended_at").max()
    spans = (
        runs.filter(pl.col("outcome") != "skipped")
        .group_by("device", "attempt")
        .agg(first_at=first, last_at=last)
    )
    alone = (pl.col("row").n_unique().over("device") == 1) & (
        pl.col("attempt").n_unique().over("device") == 1
    )
    pairs = rows.drop("attempt", strict=False).join(spans, on="device").with_columns(alone=alone)
    apart = (pl.col("began") - pl.col("first_at")).abs()
    until = pl.coalesce("reported_at", "began")
    spanned = (pl.col("began") <= pl.col("last_at")) & (pl.col("first_at") <= until)
    that_day = ((pl.col("started_at") - pl.col("first_at")).abs() <= OF_A_BROWSER).fill_null(value=True)
    undated = (pl.col("began").is_null() | pl.col("first_at").is_null()) & that_day
    met = spanned | (apart <= SAME_START_WITHIN)
    near = pairs.with_columns(apart=apart, spanned=spanned.fill_null(value=False)).filter(
        met.fill_null(value=False) | (undated & pl.col("alone"))
    )
    last_first = pl.when("spanned").then("attempt")
    ranked = near.sort("spanned", last_first, "apart", descending=[True, True, False], nulls_last=True)
    of_row = ranked.unique("row", keep="first", maintain_order=True)
    of_attempt = of_row.sort("apart", "row", nulls_last=True).unique(
        ["device", "attempt"], keep="first", maintain_order=True
    )
    return of_attempt.with_columns(
        origin=pl.col("origin").cast(pl.String),
        reported=pl.col("outcome").cast(pl.String),
        reported_stage=pl.col("failed_stage")
        .cast(pl.String)
        .fill_null(pl.when(pl.col("origin") == REPORT_V2).then(pl.lit("device_preparation"))),
        reported_code="code",
    ).sort("device", "attempt")

"""How well each source was seen on each device: present, partial, absent or not applicable."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import polars as pl

from autopilot_analysis.export.sources import expected_in, first_rows, log_of_channel
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.source_names import COLLECT_RESULTS, MDM_REPORT_XML, REGISTRY_DUMP
from autopilot_analysis.readers.trace_log.gaps import COUNTED
from autopilot_analysis.tables import schema_of
from autopilot_analysis.tables.capture import ABSENT, NOT_APPLICABLE, PRESENT
from autopilot_analysis.tables.engines import engine_for

AT_COLLECTION = timedelta(minutes=2)
FLOODED = "flooded while it was collected"
"""How the reason of a gap begins that says so."""
FLOOD = 500
"""Records of one channel, nearly all of them written while it was being collected."""


def find_floods(events: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Return gaps for event logs that the collection itself filled.

    The collector makes Windows write thousands of records in seconds; they push the history out of a small
    log. Such a channel begins at collection time: its silence about earlier errors proves nothing.

    Args:
        events: Rows of `events`.
        devices: Rows of `devices` with collected_at.
    """
    near = (pl.col("recorded_at") - pl.col("collected_at")).abs() <= AT_COLLECTION
    logged = events.filter(pl.col("opcode").is_null())  # a trace is no log that rolls over
    flooded = (
        logged.join(devices.select("device", "collected_at"), on="device")
        .group_by("device", "member")
        .agg(rows=pl.len(), late=near.sum())
        .filter(pl.col("late") >= FLOOD, pl.col("late") >= 0.8 * pl.col("rows"))
    )
    return flooded.select(
        "device",
        "member",
        record=pl.lit(None, dtype=pl.Int64),
        reason=pl.lit(f"{FLOODED}: what happened earlier was pushed out of the log"),
        count=pl.col("late").cast(pl.Int64),
        advice=pl.lit("collect the event logs before the diagnostics tool runs, or raise the log's size"),
    )


@cache
def _listed() -> pl.DataFrame:
    """Return source and the kind of export that normally holds it, a row each."""
    pairs = [(source, kind) for source, kinds in expected_in().items() for kind in sorted(kinds)]
    return pl.DataFrame(pairs, schema=["source", "kind"], orient="row")


@cache
def _scope() -> pl.DataFrame:
    return read_facts("source_scope").with_columns(pl.col("since_build", "until_build").cast(pl.Int64))


@cache
def _shows() -> pl.DataFrame:
    return first_rows().select("source", "shows")


def _expected(members: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Return device and source for what an export of its kind normally holds."""
    source = pl.col("source")
    kinds = members.group_by("device").agg(
        mdm_cab=source.is_in([REGISTRY_DUMP, MDM_REPORT_XML, "collection_metadata"]).any(),
        diaglogs=(source == COLLECT_RESULTS).any(),
    )
    held = kinds.unpivot(index="device", variable_name="kind", value_name="held").filter("held").drop("held")
    return (
        devices.select("device")
        .join(held.join(_listed(), on="kind"), on="device")
        .unique(["device", "source"])
    )


def _beside_the_point(devices: pl.DataFrame) -> pl.DataFrame:
    """Return device and source where the build or the scenario cannot have that source."""
    build = pl.col("build").str.split(".").list.first().cast(pl.Int64, strict=False)
    pairs = devices.select("device", "scenario", number=build).join(_scope(), how="cross")
    wrong_build = (pl.col("number") < pl.col("since_build")) | (pl.col("number") > pl.col("until_build"))
    scenarios = pl.col("not_for").fill_null("").str.split(" ")
    other_scenario = scenarios.list.contains(pl.col("scenario").fill_null("none of these"))
    return pairs.filter(wrong_build.fill_null(value=False) | other_scenario).select(
        "device", "source", page="page"
    )


def _spans(frames: dict[str, pl.DataFrame], members: pl.DataFrame) -> pl.DataFrame:
    """Return members with their source, the count of their records and when these begin and end.

    A list may hold several logs, as that of a custom view does: each log in it is a row of its own.
    """
    rows = [
        _counted(frames[name], pl.lit(None, dtype=pl.String))
        for name in ("log_lines", "registry_values", "settings", "properties", "reports")
    ]
    rows.append(_counted(frames["events"], _logs_of(frames["events"])))
    engine = engine_for(max(frame.height for frame in frames.values()))
    each = pl.concat(pl.collect_all(rows, engine=engine))
    own = members.select("device", "member", own="source")
    per_source = (
        each.join(own, on=["device", "member"])
        .group_by("device", "member", source=pl.coalesce("log", "own"))
        .agg(pl.col("records").sum(), pl.col("first_at").min(), pl.col("last_at").max())
    )
    holding = per_source.select("device", "member").unique()
    bare = members.join(holding, on=["device", "member"], how="anti").select("device", "member", "source")
    both = pl.concat([bare, per_source], how="diagonal").sort("device", "member", "source")
    return both.join(
        members.select("device", "member", "state"), on=["device", "member"], maintain_order="left"
    )


def _counted(rows: pl.DataFrame, log: pl.Expr) -> pl.LazyFrame:
    at = pl.col("at") if "at" in rows.columns else pl.lit(None, dtype=pl.Datetime("us", "UTC"))
    by_member = rows.lazy().group_by("device", "member", log=log)
    return by_member.agg(records=pl.len().cast(pl.Int64), first_at=at.min(), last_at=at.max())


def _logs_of(events: pl.DataFrame) -> pl.Expr:
    """Return the source of the event log that a record is of; null of a trace, or where no log is known."""
    channels = events["channel"].drop_nulls().unique().to_list()
    logs = {channel: log_of_channel(channel) for channel in channels}
    named = pl.col("channel").replace_strict(logs, default=None, return_dtype=pl.String)
    return pl.when(pl.col("opcode").is_null()).then(named)


def measure_coverage(
    frames: dict[str, pl.DataFrame], members: pl.DataFrame, gaps: pl.DataFrame, devices: pl.DataFrame
) -> pl.DataFrame:
    """Return the columns of `Coverage`: every source that is there, or should be, on every device.

    Args:
        frames: The rows read, under their table's names.
        members: Rows of `members`.
        gaps: Rows of `gaps`.
        devices: Rows of `devices`.
    """
    hurt = (
        gaps.filter(pl.col("member").is_not_null(), ~pl.col("reason").str.starts_with(COUNTED))
        .group_by("device", "member")
        .agg(why=pl.col("reason").first())
    )
    whole = pl.col("state").is_in(["read", "empty"]).all() & pl.col("why").is_null().all()
    spans = _spans(frames, members.filter(pl.col("source") != "unknown"))
    sources = spans.join(hurt, on=["device", "member"], how="left").group_by("device", "source")
    counted = sources.agg(
        members=pl.len().cast(pl.Int64),
        records=pl.col("records").fill_null(0).sum(),
        first_at=pl.col("first_at").min(),
        last_at=pl.col("last_at").max(),
        whole=whole,
        note=pl.col("why").drop_nulls().first(),
    )
    presence = pl.when("whole").then(pl.lit(PRESENT)).otherwise(pl.lit("partial"))
    covered = counted.with_columns(presence=presence)
    missing = _expected(members, devices).join(covered, on=["device", "source"], how="anti")
    aside = _beside_the_point(devices)
    none = missing.join(aside, on=["device", "source"], how="left").with_columns(
        members=pl.lit(0, dtype=pl.Int64),
        records=pl.lit(0, dtype=pl.Int64),
        presence=pl.when(pl.col("page").is_not_null()).then(pl.lit(NOT_APPLICABLE)).otherwise(pl.lit(ABSENT)),
        note=pl.coalesce("page", pl.lit("not in this export")),
    )
    schema = schema_of("coverage")
    both = pl.concat([covered, none], how="diagonal").join(_shows(), on="source", how="left")
    return both.select(list(schema)).sort("device", "source")

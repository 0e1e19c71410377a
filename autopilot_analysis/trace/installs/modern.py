"""Modern apps from the event log of app deployment, each deployment of a package a try.

607 asks for a package, 400 says that it is there, 401 and 404 that it failed: 401 carries the cause, 404 the
sum of it (Microsoft: Troubleshooting packaging, deployment, and query of Windows apps).
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.trace.installs.rows import no_rows, to_detail, to_rows

PROVIDER = "microsoft-windows-appxdeployment-server"
ASKED, DONE, CAUSE, FAILED = 607, 400, 401, 404
MANAGEMENT = [
    "omadmclient",
    "dmwappushs",
    "dmenrollengine",
    "deviceenroller",
    "intunemanagementextension",
    "agentexecutor",
    "windowspackagemanagerserver",
]
"""Processes in whose name device management deploys; everything else is Windows updating its own apps."""


def read_modern(events: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Return tries at packages that management asked for, that are expected, or that failed.

    Args:
        events: The columns of tables.Event.
        expected: Columns device, item, kind: what the registry says the status page expects.

    Returns:
        The columns of tables.Install, item and name the package family.
    """
    parts = (
        pl.col("data")
        .str.json_path_match("$.PackageFullName")
        .str.extract_groups(r"^([^_]+)_.*_([0-9a-z]{13})$")
    )
    of_apps = events.filter(
        pl.col("provider").str.to_lowercase() == PROVIDER,
        pl.col("event_id").is_in([ASKED, DONE, CAUSE, FAILED]),
    )
    if of_apps.is_empty():
        return no_rows()
    rows = (
        of_apps.with_columns(item=pl.concat_str(parts.struct[0], pl.lit("_"), parts.struct[1]))
        .filter(pl.col("item").is_not_null())
        .sort("device", "member", "record")
    )
    if rows.is_empty():
        return no_rows()
    keys = ["device", "item"]
    now, before = pl.col("event_id"), pl.col("event_id").shift().over(keys)
    opens = before.is_null() | before.is_in([DONE, FAILED]) | ((now == ASKED) & (before == CAUSE))
    numbered = rows.with_columns(run=opens.cast(pl.Int64).cum_sum().over(keys))
    summary = pl.col("data").filter(now == FAILED).str.json_path_match("$.SummaryError")
    asked_by = pl.col("data").str.json_path_match("$.CallingProcess")
    cause, outer = (pl.col("code").filter(now == event).last() for event in (CAUSE, FAILED))
    tries = numbered.group_by(*keys, "run", maintain_order=True).agg(
        pl.col("member", "record", "clock").first(),
        started_at=pl.col("at").filter(now == ASKED).first(),
        ended_at=pl.col("at").filter(now != ASKED).last(),
        cause=cause,
        outer=outer,
        summary=summary.last(),
        asked_by=asked_by.drop_nulls().first(),
        last=now.last(),
    )
    return to_rows(_kept(tries, expected))


def _kept(tries: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Return the tries that matter, numbered, with their outcome."""
    wanted = (
        expected.filter(pl.col("kind") == "modern")
        .select("device", family=pl.col("item").str.to_lowercase())
        .unique()
    ).with_columns(wanted=pl.lit(value=True))
    failed = pl.col("last").is_in([CAUSE, FAILED])
    managed = pl.col("asked_by").fill_null("").str.to_lowercase().str.contains_any(MANAGEMENT)
    kept = (
        tries.with_columns(family=pl.col("item").str.to_lowercase())
        .join(wanted, on=["device", "family"], how="left", maintain_order="left")
        .filter(failed | managed | pl.col("wanted").fill_null(value=False))
    )
    wrapped = kept.select("asked_by", "summary", "outer").iter_rows(named=True)
    outcome = (
        pl.when(failed)
        .then(pl.lit("failed"))
        .when(pl.col("last") == DONE)
        .then(pl.lit("succeeded"))
        .otherwise(pl.lit("unfinished"))
    )
    return kept.with_columns(
        name="item",
        kind=pl.lit("modern"),
        try_number=pl.int_range(pl.len()).over("device", "item") + 1,
        outcome=outcome,
        code=pl.when(failed).then(pl.coalesce("cause", "outer")),
        reason=pl.when(~managed).then(pl.concat_str(pl.lit("asked for by "), "asked_by")),
        detail=pl.Series([to_detail(row) for row in wrapped], dtype=pl.String),
    )

"""Where rules look: marks with their attempt, failed runs, events by provider and id, registry values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from autopilot_analysis.tables import Tables, Trace

PROVIDERS = {
    "ap": "microsoft-windows-moderndeployment-diagnostics-provider",
    "prov": "microsoft-windows-provisioning-diagnostics-provider",
    "dm": "microsoft-windows-devicemanagement-enterprise-diagnostics-provider",
    "udr": "microsoft-windows-user device registration",
    "aad": "microsoft-windows-aad",
    "wu": "microsoft-windows-windowsupdateclient",
    "user32": "user32",
    "power": "microsoft-windows-kernel-power",
    "connector": "microsoft-intune-odjconnectorservice",
    "bitlocker": "microsoft-windows-bitlocker-api",
    "tpm": "microsoft-windows-tpm-wmi",
}
"""Short names of event providers, in lower case as they are compared."""
UNWELL = ("failed", "unfinished")
"""Outcomes of an attempt that something may have to explain."""


def in_attempts(rows: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return rows with the attempt each lies in: the last one begun before it, null outside all.

    Args:
        rows: Rows with device and `at`.
        trace: What `build_trace` returned.
    """
    begun = trace.attempts.select("device", "attempt", begun_at="started_at").drop_nulls().sort("begun_at")
    dated = rows.filter(pl.col("at").is_not_null()).sort("at")
    placed = dated.join_asof(
        begun, left_on="at", right_on="begun_at", by="device", strategy="backward", check_sortedness=False
    )
    undated = rows.filter(pl.col("at").is_null()).with_columns(attempt=pl.lit(None, dtype=pl.Int64))
    return pl.concat([placed.select(*rows.columns, "attempt"), undated])


def marks_in(trace: Trace, names: Sequence[str]) -> pl.DataFrame:
    """Return the marks of some names, each with the attempt it lies in (null outside all).

    Args:
        trace: What `build_trace` returned.
        names: Marks of facts/stages.csv.
    """
    return in_attempts(trace.marks.filter(pl.col("mark").is_in(names)), trace)


def failed_runs(trace: Trace, stages: Sequence[str]) -> pl.DataFrame:
    """Return the failed runs of some stages as rows that lead to the record that ended them."""
    failed = trace.stage_runs.filter(pl.col("stage").is_in(stages), pl.col("outcome") == "failed")
    ends = failed.select(
        "device", "attempt", "stage", "code", at="ended_at", member="ended_member", record="ended_record"
    )
    quotes = trace.marks.select("member", "record", "detail", "mark").unique(
        ["member", "record"], keep="first", maintain_order=True
    )
    return ends.join(quotes, on=["member", "record"], how="left")


def unwell(trace: Trace) -> pl.DataFrame:
    """Return device, attempt, failed_stage and scenario of attempts that failed or never ended."""
    return trace.attempts.filter(pl.col("outcome").is_in(UNWELL)).select(
        "device", "attempt", "failed_stage", "scenario"
    )


def failed_devices(trace: Trace) -> pl.DataFrame:
    """Return the devices with an attempt that failed."""
    return trace.attempts.filter(pl.col("outcome") == "failed").select("device").unique()


def events_of(tables: Tables, wanted: Iterable[str]) -> pl.DataFrame:
    """Return events by provider and id, as rows with detail (their fields) and code.

    Args:
        tables: What `read_tables` returned.
        wanted: Such as "ap:171" or "user32:1074", see PROVIDERS.
    """
    pairs = [key.split(":") for key in wanted]
    ids = sorted({int(number) for _, number in pairs})
    keys = [f"{PROVIDERS[name]}:{number}" for name, number in pairs]
    near = tables.events.filter(pl.col("event_id").is_in(ids))
    key = pl.concat_str(pl.col("provider").str.to_lowercase(), pl.lit(":"), pl.col("event_id"))
    return near.filter(key.is_in(keys)).with_columns(detail="data")


def registry(tables: Tables, key: str, name: str) -> pl.DataFrame:
    """Return registry values as rows with detail, by patterns on the lower-case key and name.

    Args:
        tables: What `read_tables` returned.
        key: Pattern found anywhere in the lower-case key.
        name: Pattern found anywhere in the lower-case value name.
    """
    named = tables.registry_values.filter(pl.col("name").str.to_lowercase().str.contains(name))
    return with_value(named.filter(pl.col("key").str.to_lowercase().str.contains(key)))


def with_value(rows: pl.DataFrame) -> pl.DataFrame:
    """Return registry rows with detail: key, name and value as the export shows them."""
    return rows.with_columns(
        detail=pl.concat_str(
            "key", pl.lit("\\"), "name", pl.lit(' = "'), pl.col("value").fill_null(""), pl.lit('"')
        )
    )


def properties(tables: Tables, name: str, value: str = "") -> pl.DataFrame:
    """Return properties as rows with detail, by patterns on the lower-case name and on the value."""
    rows = tables.properties.filter(
        pl.col("name").str.to_lowercase().str.contains(name),
        pl.col("value").fill_null("").str.contains(value),
    )
    return rows.with_columns(detail=pl.concat_str("name", pl.lit(": "), pl.col("value").fill_null("(empty)")))

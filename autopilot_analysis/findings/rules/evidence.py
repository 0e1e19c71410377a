"""The evidence itself: what is missing, cut, rolled over or flooded."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.export.sources import first_rows
from autopilot_analysis.facts.source_names import (
    EVENTS_AUTOPILOT,
    EVENTS_MDM_ADMIN,
    EVENTS_MDM_ENROLLMENT,
    EVENTS_USER_DEVICE_REGISTRATION,
    REGISTRY_DUMP,
)
from autopilot_analysis.findings.looking import failed_devices
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.readers.device.coverage import FLOODED
from autopilot_analysis.readers.event_log.record_gaps import ROLLED_OVER
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.capture import ABSENT
from autopilot_analysis.tables.verdict import INFO, WARNING

DECISIVE = [
    EVENTS_AUTOPILOT,
    EVENTS_MDM_ADMIN,
    EVENTS_MDM_ENROLLMENT,
    EVENTS_USER_DEVICE_REGISTRATION,
    REGISTRY_DUMP,
]
"""Sources without which most of what goes wrong cannot be seen, and a device may have failed unseen."""


def _weighted(rows: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Holes weigh only where something failed: elsewhere there is nothing they could hide the cause of."""
    bad = failed_devices(trace).with_columns(bad=pl.lit(value=True))
    return rows.join(bad, on="device", how="left").with_columns(
        severity=pl.when(pl.col("bad").fill_null(value=False)).then(pl.lit(WARNING)).otherwise(pl.lit(INFO))
    )


def _gaps(tables: Tables, trace: Trace, pattern: str) -> pl.DataFrame:
    rows = tables.gaps.filter(pl.col("member").is_not_null(), pl.col("reason").str.contains(pattern))
    return proof(_weighted(rows, trace), pl.col("reason"))


@rule("EVIDENCE-ROLLED-OVER", needs="gap")
def rolled_over(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Event logs whose oldest records are gone."""
    return _gaps(tables, trace, ROLLED_OVER)


@rule("EVIDENCE-FLOODED", needs="gap")
def flooded(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Event logs that the collection itself filled."""
    return _gaps(tables, trace, FLOODED)


@rule("EVIDENCE-DAMAGED", needs="gap")
def damaged(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Members that were cut or damaged."""
    hurt = tables.members.filter(pl.col("state") == "damaged").select("device", "member")
    return _gaps(tables, trace, "").join(hurt, on=["device", "member"], how="semi")


@rule("EVIDENCE-MISSING")
def missing(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Decisive sources that an export of this kind should hold and does not."""
    absent = tables.coverage.filter(pl.col("presence") == ABSENT, pl.col("source").is_in(DECISIVE))
    if absent.is_empty():
        return no_proof()
    read = tables.members.filter(pl.col("state") == "read")
    beside = read.group_by("device", maintain_order=True).agg(pl.col("member").first())
    title = first_rows().select("source", "title")
    rows = (
        absent.select("device", "source")
        .join(beside, on="device")
        .join(title, on="source", how="left")
        .with_columns(record=pl.lit(None, dtype=pl.Int64))
    )
    words = pl.concat_str("title", pl.lit(" ("), "source", pl.lit(") is not among the members"))
    return proof(_weighted(rows, trace), words)

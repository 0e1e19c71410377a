"""Enrolment records of Intune's operational log -> `deployments`."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.report_columns import fields_within
from autopilot_analysis.readers.reading import Unread
from autopilot_analysis.readers.service.deployments.deployment import failed_states
from autopilot_analysis.readers.service.deployments.deployment_rows import deployments_of
from autopilot_analysis.readers.service.report_columns import Report


def enrollments_of(report: Report) -> tuple[pl.DataFrame, tuple[Unread, ...]]:
    """Return one deployment for each enrolment record; it proves MDM enrolment and nothing after it.

    Every row carries the flag `enrollment_only`: a success here is no finished deployment, and no span is
    known. A record without a result failed when it names a category of failure. Records of other operations
    (compliance) are counted as not read.

    Args:
        report: A recognised export of IntuneOperationalLogs.
    """
    mine = (report.column("operation") == "Enrollment").fill_null(value=False)
    rows, places = report.cells.filter(mine), mine.arg_true().cast(pl.Int64) + 1
    within = fields_within("IntuneOperationalLogs")
    fields = [pl.coalesce(map(_field, spellings)).alias(name) for name, spellings in within.items()]
    properties = Report(report.name, rows).column("properties").to_frame("properties").select(fields)
    times = {name: Report(report.name, rows).column(name) for name in ("event_at", "result")}
    cells = properties.with_columns(times["event_at"], times["result"].alias("state"))
    refused = pl.col("state").is_null() & pl.col("category").is_not_null()
    cells = cells.with_columns(pl.when(refused).then(pl.lit("failed")).otherwise("state").alias("state"))
    failed = pl.col("state").str.to_lowercase().is_in(failed_states())
    cells = cells.with_columns(pl.when(failed).then(pl.lit("failed")).alias("enrollment_state"))
    deployments, unread = deployments_of(Report(report.name, cells), "log_analytics")
    flags = pl.concat_str([pl.lit("enrollment_only"), "flags"], separator=",", ignore_nulls=True)
    others = report.cells.height - rows.height
    if others:
        unread = (*unread, Unread("records of other operations than enrolment were left out", count=others))
    return deployments.with_columns(flags.alias("flags"), places.alias("record")), unread


def _field(name: str) -> pl.Expr:
    """Return a named field inside the column Properties (Microsoft: Azure Monitor, Intune log queries)."""
    text = pl.col("properties").str.json_path_match(f"$.{name}")
    return pl.when((text != "") & (text.str.to_lowercase() != "none")).then(text)

"""The fleet that ships with the project: Graph pages, a report, an audit log, and the truth behind them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from autopilot_analysis.samples.device.device import DOMAIN
from autopilot_analysis.samples.fleet.files import PAGES, graph_files, report_v1_csv
from autopilot_analysis.samples.fleet.fleet import simulate_fleet
from autopilot_analysis.samples.formats.archive import write_archive
from autopilot_analysis.samples.truth import TRUTH_OF_FLEET

DEPLOYMENTS, INCIDENT, SEED = 600, "profile_edit", 24
ROUTINE = (
    (9, "Patch DeviceConfiguration", "Wallpaper"),
    (31, "Create MobileApp", "Reader 4.1.0"),
    (52, "Patch MobileApp", "Reader 4.2.0"),
    (83, "Patch DeviceCompliancePolicy", "Require BitLocker"),
    (111, "Patch MobileApp", "Reader 4.3.1"),
    (140, "Assign DeviceConfiguration", "Power settings"),
    (163, "Patch DeviceConfiguration", "Wallpaper"),
)
"""Days since the fleet began, and what administrators did that hurt nobody."""


def fleet_files() -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the files of the sample fleet under their names, and what was planted in it."""
    deployments, truth = simulate_fleet(DEPLOYMENTS, incident=INCIDENT, seed=SEED)
    began = deployments["started_at"].min()
    assert isinstance(began, datetime)
    files = {
        PAGES: write_archive(graph_files(deployments)),
        "AutopilotV1DeploymentStatus.csv": report_v1_csv(deployments),
        "IntuneAuditLogs.csv": audit_csv(_changes(began, truth)),
    }
    return files, truth


def audit_csv(changes: pl.DataFrame) -> bytes:
    """Return the IntuneAuditLogs of Log Analytics.

    Args:
        changes: Columns `at`, `operation` and `target`.
    """
    details = pl.struct(
        pl.lit("Success").alias("ActivityResultStatus"),
        pl.concat_list("target").alias("TargetDisplayNames"),
    ).struct.json_encode()
    table = changes.select(
        pl.col("at").dt.to_string("%Y-%m-%dT%H:%M:%S%.6f").add("0Z").alias("TimeGenerated"),
        pl.lit("AuditLogs").alias("Category"),
        pl.col("operation").alias("OperationName"),
        pl.lit(f"admin@{DOMAIN}").alias("Identity"),
        details.alias("Properties"),
        pl.lit("Success").alias("ResultType"),
        pl.lit("IntuneAuditLogs").alias("Type"),
    )
    return b"\xef\xbb\xbf" + table.write_csv(line_terminator="\r\n").encode()


def write_fleet_data(folder: Path) -> Mapping[str, Any]:
    """Write the sample fleet into a folder, and its truth beside the folder; what is there is replaced.

    Args:
        folder: Usually `data/fleet`.

    Returns:
        The truth.
    """
    files, truth = fleet_files()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    written = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in truth.items()
    }
    beside = folder.with_name(TRUTH_OF_FLEET.format(folder.name))
    beside.write_bytes(json.dumps(written, indent=2).encode() + b"\n")
    return truth


def _changes(began: datetime, truth: Mapping[str, Any]) -> pl.DataFrame:
    """Return what administrators did: the routine, and the edit on the day from which things went wrong."""
    midnight = began.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [(midnight + timedelta(days=day, hours=10), what, target) for day, what, target in ROUTINE]
    edit = "Patch WindowsAutopilotDeploymentProfile"
    rows.append((truth["at"] + timedelta(hours=7, minutes=42), edit, truth["where"]["profile"]))
    return pl.DataFrame(rows, schema=["at", "operation", "target"], orient="row").sort("at")

"""Which script or remediation a run is of, and on which device, where Graph writes both into one id."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.readers.service.report_columns import Report

SCRIPT_RUNS = "deviceManagementScriptDeviceState"
"""What Graph keeps of a platform script on a device (deviceManagementScripts, `deviceRunStates`)."""
OF_RUNS = ("DeviceRunStatesByProactiveRemediation", "deviceRunStates", SCRIPT_RUNS)
"""The reports whose rows are runs of a remediation or a script."""
BETWEEN, OF_SCRIPTS = "_", ":"
"""What stands between the two ids of a remediation's run, and of a script's."""


def run_items(report: Report) -> pl.Series:
    """Return the id of the script or remediation of each row; Graph writes it before that of the device.

    Args:
        report: One of `OF_RUNS` under our column names.
    """
    return _id_of(report, "item", 0)


def run_devices(report: Report) -> pl.DataFrame:
    """Return the cells that say whose run each row is, by the id of the run where nothing else does.

    Args:
        report: One of `OF_RUNS` under our column names.
    """
    own = report.cells.drop("name", strict=False).rename({"computer": "name"}, strict=False)
    return own.with_columns(_id_of(report, "intune_device_id", 1))


def _id_of(report: Report, column: str, part: int) -> pl.Series:
    """Return a column of ids, else a part of the id of the run; one that is no pair names the row alone."""
    cells = report.column(column)
    parts = report.column("run").str.replace(OF_SCRIPTS, BETWEEN, literal=True).str.split(BETWEEN)
    of_run = parts.set(parts.list.len() < 2, None).list.get(part, null_on_oob=True)
    return cells.zip_with(cells.is_not_null(), of_run).rename(column)

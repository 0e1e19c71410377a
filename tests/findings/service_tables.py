"""Rows of the service's lists, and tables of them."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.tables import Tables, schema_of

LIST = "windowsAutopilotDeviceIdentities"
GOOD = {
    "report": LIST,
    "profile_state": "assignedInSync",
    "enrollment_state": "enrolled",
    "remediation_state": "noRemediationRequired",
    "userless_state": "allowed",
}
"""A registered device that lacks nothing."""
MEMBER = {"device": "", "member": "list.csv", "source": "report_csv", "state": "read"}


def table(name, rows):
    schema = schema_of(name)
    return pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)


def tables_of(**rows):
    rows = {"members": [MEMBER], **rows}
    return Tables.of({name: table(name, of_table) for name, of_table in rows.items()})


def status(device, state, code=None, report="DeviceInstallStatusByApp", **more):
    own = {"device": device, "report": report, "item": "app", "name": "Map", "state": state, "code": code}
    return {**own, **more}


def imported(serial, state, text=None):
    report = "importedWindowsAutopilotDeviceIdentities"
    return {
        "device": serial, "report": report, "serial": serial, "profile_state": state, "failure_text": text
    }  # fmt: skip


def failure(device, **more):
    return {"device": device, "report": "troubleshootingEvents", **more}

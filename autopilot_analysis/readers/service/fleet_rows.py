"""Recognised cells of a fleet export -> deployments, identities, failures, item states, changes."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from autopilot_analysis.facts.failure_words import NONE, says
from autopilot_analysis.facts.hand_lists import HAND_LIST
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.service.app_events import APP_EVENTS
from autopilot_analysis.readers.service.cells.instant import read_instants
from autopilot_analysis.readers.service.cells.physical_ids import registration_ids
from autopilot_analysis.readers.service.cells.policy_settings import settings_at_odds
from autopilot_analysis.readers.service.deployments.deployment import (
    builds,
    codes,
    device_keys,
    member_names,
    truths,
)
from autopilot_analysis.readers.service.deployments.deployment_rows import deployments_of
from autopilot_analysis.readers.service.nameless import with_nameless
from autopilot_analysis.readers.service.operational_log import enrollments_of
from autopilot_analysis.readers.service.remediation_states import (
    OF_REMEDIATIONS,
    remediation_names,
    remediation_states,
)
from autopilot_analysis.readers.service.report_columns import Report
from autopilot_analysis.readers.service.run_ids import OF_RUNS, run_devices, run_items
from autopilot_analysis.readers.service.sign_ins import refusing_policies, sign_in_codes
from autopilot_analysis.tables.fleet import (
    REPORT_V2,
    AuditChange,
    EnrollmentFailure,
    Identity,
    ItemCount,
    ItemStatus,
    SignIn,
)

FRAMES: dict[str, tuple[str, type[dy.Schema]]] = {
    "identities": ("identities", Identity),
    "enrollment_failures": ("enrollment_failures", EnrollmentFailure),
    "item_statuses": ("item_statuses", ItemStatus),
    "policy_statuses": ("policy_statuses", ItemStatus),
    "item_counts": ("item_counts", ItemCount),
    "audit_changes": ("audit_changes", AuditChange),
    "sign_ins": ("sign_ins", SignIn),
}

ORIGIN_OF = {
    "autopilotEvents": "graph",
    "AutopilotV1DeploymentStatus": "report_v1",
    "portal: Autopilot deployments": "report_v1",
    HAND_LIST: "report_v1",
    "AutopilotV2DeploymentStatus": REPORT_V2,
    "portal: Device preparation deployments": REPORT_V2,
}
"""The exports whose rows are deployments."""

TABLE_OF = {
    "policyStatusDetails": "policy_statuses",
    "windowsAutopilotDeviceIdentities": "identities",
    "importedWindowsAutopilotDeviceIdentities": "identities",
    "managedDevices": "identities",
    "deviceStatuses": "identities",
    "Devices": "identities",
    "IntuneDevices": "identities",
    "portal: Autopilot devices": "identities",
    "AutopilotDeviceCsv": "identities",
    "Entra devices": "identities",
    "troubleshootingEvents": "enrollment_failures",
    APP_EVENTS: "item_statuses",
    "EnrollmentActivity": "enrollment_failures",
    "DeviceEnrollmentFailures": "enrollment_failures",
    "portal: Enrollment failures": "enrollment_failures",
    "AutopilotV2DeploymentStatusDetailedAppInfo": "item_statuses",
    "AutopilotV2DeploymentStatusDetailedScriptInfo": "item_statuses",
    "DeviceInstallStatusByApp": "item_statuses",
    "DeviceRunStatesByScript": "item_statuses",
    "EnrollmentConfigurationPoliciesByDevice": "policy_statuses",
    "AppInstallStatusAggregate": "item_counts",
    "IntuneAuditLogs": "audit_changes",
    "auditEvents": "audit_changes",
    "directoryAudits": "audit_changes",
    "signIns": "sign_ins",
    "DeviceConfigurationPolicyStatuses": "item_statuses",
    "DevicePolicySettingsComplianceReport": "item_statuses",
    "deviceConfigurationStates": "item_statuses",
    "FeatureUpdateDeviceState": "item_statuses",
    **dict.fromkeys(OF_RUNS, "item_statuses"),
    "DeviceFailuresByFeatureUpdatePolicy": "item_statuses",
    "ConfigurationPolicyAggregate": "item_counts",
}
"""The table each other export fills."""

ENUM_OF = {
    ("", "profile_state"): "windowsAutopilotProfileAssignmentStatus",
    ("", "profile_state_detail"): "windowsAutopilotProfileAssignmentDetailedStatus",
    ("", "enrollment_state"): "enrollmentState",
    ("", "enrollment_type"): "deviceEnrollmentType",
    ("", "remediation_state"): "windowsAutopilotDeviceRemediationState",
    ("", "userless_state"): "windowsAutopilotUserlessEnrollmentStatus",
    ("", "compliance_state"): "complianceState",
    ("", "management_state"): "managementState",
    ("", "category"): "deviceEnrollmentFailureReason",
    ("importedWindowsAutopilotDeviceIdentities", "profile_state"): "importStatus",
    ("deviceStatuses", "compliance_state"): "complianceStatus",
    ("DeviceConfigurationPolicyStatuses", "state"): "complianceStatus",
    ("DevicePolicySettingsComplianceReport", "state"): "complianceStatus",
    ("deviceConfigurationStates", "state"): "complianceStatus",
    ("policyStatusDetails", "kind"): "deviceManagementAutopilotPolicyType",
    ("policyStatusDetails", "state"): "deviceManagementAutopilotPolicyComplianceStatus",
}
"""The enum of a column in one report, or in every report."""

FALLBACKS = {
    "activity": "deployment",
    "at": "event_at",
    "failure_text": "failure_said",
    "name": "managed_name",
    "tracked": "selected",
    "user": "user_id",
}
"""Where a column's text stands in reports that do not carry it under its own name."""

IN_WORDS = {"detail": "detail_said"}
"""Where the words of a number stand, in reports that write both."""

FAILURES_ALONE = ("DeviceFailuresByFeatureUpdatePolicy",)
"""Reports each row of which is a failure, whether or not they have a column that says so."""

MADE_OF = {
    "policy": ("policies_applied", refusing_policies),
    "detail": ("settings", settings_at_odds),
    "registration_id": ("physical_ids", registration_ids),
}
"""Columns that are made of a list inside a cell, where a report carries it."""

OF_A_RUN = {"name": remediation_names, "state": remediation_states}
"""Columns of a remediation that are made of several of a run."""


def read_rows(report: Report) -> Reading:
    """Turn one recognised export into the table its rows belong to.

    Args:
        report: The export under our column names.
    """
    if report.name == "IntuneOperationalLogs":
        rows, unread = enrollments_of(report)
        return Reading({"deployments": rows}, (*report.unread, *unread))
    if report.name in ORIGIN_OF:
        rows, unread = deployments_of(report, ORIGIN_OF[report.name])
        return Reading({"deployments": rows}, (*report.unread, *unread))
    table = TABLE_OF[report.name]
    rows, unread = typed(report, FRAMES[table][1])
    return Reading({table: rows}, (*report.unread, *unread))


def typed(report: Report, schema: type[dy.Schema]) -> tuple[pl.DataFrame, tuple[Unread, ...]]:
    """Cast the cells of a report to the columns of a schema; a cell that cannot be cast is null and counted.

    Args:
        report: The export under our column names.
        schema: One of the schemas of `tables.fleet`.
    """
    columns: dict[str, pl.Series] = {}
    unread = []
    for name, kind in schema.create_empty().schema.items():
        cells = _cells(report, name)
        if isinstance(kind, pl.Datetime):
            instants = read_instants(cells)
            columns[name] = instants.values
            if instants.unreadable:
                unread.append(Unread(f"times in {name} could not be read", count=instants.unreadable))
        elif kind == pl.Boolean:
            columns[name] = cells.to_frame(name).select(truths(name)).to_series()
        else:
            columns[name] = cells.cast(kind, strict=False)
            unreadable = columns[name].is_null() & (cells.str.strip_chars() != "")
            lost = int(unreadable.sum() or 0) if kind.is_numeric() else 0
            if lost:
                unread.append(Unread(f"numbers in {name} could not be read", count=lost))
    frame = pl.DataFrame(columns)
    if "device" in frame.columns and not schema.columns()["device"].nullable:
        frame = with_nameless(frame)
    return frame, tuple(unread)


def _cells(report: Report, name: str) -> pl.Series:
    """Return the text a column is made from."""
    if name == "device":
        return device_keys(_device_cells(report))
    if name == "report":
        return pl.Series([report.name]).new_from_index(0, report.cells.height)
    if name == "code" and TABLE_OF[report.name] == "sign_ins":
        return sign_in_codes(report.column("code"))
    if name == "code":
        return _codes(report)
    if name in MADE_OF and MADE_OF[name][0] in report.cells.columns:
        column, read = MADE_OF[name]
        return read(report.column(column))
    if report.name in OF_RUNS and name == "item":
        return run_items(report)
    if report.name in OF_REMEDIATIONS and name in OF_A_RUN:
        return OF_A_RUN[name](report)
    if name == "build":
        return _builds(report)
    if name == "computer" and TABLE_OF[report.name] == "enrollment_failures":
        return report.column("name")
    cells = report.column(name)
    if name in IN_WORDS and (words := report.column(IN_WORDS[name])).count():
        cells = words.zip_with(words.is_not_null(), cells)
    if name in FALLBACKS:
        cells = _with_fallback(name, cells, report.column(FALLBACKS[name]))
    enum = ENUM_OF.get((report.name, name)) or ENUM_OF.get(("", name))
    named = member_names(cells, enum) if enum else cells
    return _state(report, named) if name == "state" else named


def _with_fallback(name: str, cells: pl.Series, others: pl.Series) -> pl.Series:
    """Return cells of a column, another's where one is empty, or names no reason where one should stand."""
    own = cells.is_not_null()
    if name == "failure_text":
        none = cells.to_frame(name).select(says(name) == NONE).to_series().fill_null(value=False)
        own &= ~none | others.is_null()
    return cells.zip_with(own, others)


def _codes(report: Report) -> pl.Series:
    """Return the code of each row; of a failed enrolment without one that which its words name."""
    texts = (
        ("code", "failure_text", "detail") if TABLE_OF[report.name] == "enrollment_failures" else ("code",)
    )
    spelt = pl.DataFrame([codes(report.column(name)).alias(name) for name in texts])
    return spelt.select(pl.coalesce(texts)).to_series().rename("code")


def _state(report: Report, states: pl.Series) -> pl.Series:
    """Return states, in place of a number that nobody knows the words beside it."""
    if (words := report.column("state_said")).count():
        states = words.zip_with(
            words.is_not_null() & (states.is_null() | states.str.contains(r"^\d+$")), states
        )
    return states.fill_null("error") if report.name in FAILURES_ALONE else states


def _builds(report: Report) -> pl.Series:
    """Return the build of each row; a list of apps writes the version of Windows as their platform."""
    own, platform = report.column("os_version"), report.column("kind")
    return builds(own.zip_with(own.is_not_null(), platform))


def _device_cells(report: Report) -> pl.DataFrame:
    """Leave out `name` where it names an app or script rather than a computer."""
    if report.name in OF_RUNS:
        return run_devices(report)
    if "computer" in report.cells.columns:
        return report.cells.drop("name", strict=False).rename({"computer": "name"})
    if "name" not in report.cells.columns or TABLE_OF[report.name] in ("identities", "enrollment_failures"):
        return report.cells
    return report.cells.with_columns(name=pl.lit(None, dtype=pl.String))

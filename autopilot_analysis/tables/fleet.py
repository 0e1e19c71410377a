"""Many devices: one attempt a row, whatever export it came from."""

from __future__ import annotations

import dataframely as dy

from autopilot_analysis.tables.personal import personal
from autopilot_analysis.tables.story import STAGES

CAPTURE, REPORT_V2 = "capture", "report_v2"
ORIGINS = [CAPTURE, "graph", "report_v1", REPORT_V2, "log_analytics"]
TOLD_BY = {
    CAPTURE: "a capture",
    "graph": "Graph",
    "report_v1": "the deployment report",
    REPORT_V2: "the device preparation report",
    "log_analytics": "Log Analytics",
}
"""Who tells of a deployment, in words, by origin."""
DEPLOYMENT_OUTCOMES = ["succeeded", "failed", "in_progress", "abandoned", "unknown"]

PLACE = ("member", "record")
"""Columns that say where a row stands, and nothing of what it tells."""
KEYS = ("device", "serial", "intune_device_id", "entra_device_id")
"""Columns of an identity by which another export may call the same device."""
DESCRIBES = {"describes": True}
"""Metadata of a column that says what was deployed, not how it went: another export of the same attempt may
fill it, and groups are named by it unless it is personal."""


class Deployment(dy.Schema):
    """One attempt as a fleet row."""

    device = dy.String(metadata=personal("device"))
    deployment = dy.String(description="Key of the attempt, unique in its origin")
    origin = dy.Enum(ORIGINS)
    serial = dy.String(nullable=True, metadata=personal("serial") | DESCRIBES)
    name = dy.String(nullable=True, metadata=personal("host") | DESCRIBES)
    user = dy.String(nullable=True, metadata=personal("user") | DESCRIBES)
    manufacturer = dy.String(nullable=True, metadata=DESCRIBES)
    model = dy.String(nullable=True, metadata=DESCRIBES)
    build = dy.String(nullable=True, metadata=DESCRIBES)
    firmware = dy.String(nullable=True, metadata=DESCRIBES)
    tpm_version = dy.String(nullable=True, metadata=DESCRIBES)
    group_tag = dy.String(nullable=True, metadata=DESCRIBES)
    device_category = dy.String(nullable=True, metadata=DESCRIBES)
    profile = dy.String(nullable=True, metadata=DESCRIBES)
    details = dy.String(
        nullable=True,
        metadata=personal("text") | DESCRIBES,
        description="What else may name groups (JSON object): a column unknown here, a proxy",
    )
    esp_profile = dy.String(nullable=True, metadata=DESCRIBES)
    enrollment_type = dy.String(nullable=True, metadata=DESCRIBES)
    started_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    ended_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    observed_until = dy.Datetime(
        time_zone="UTC",
        time_unit="us",
        nullable=True,
        description="How long it was watched when it did not end",
    )
    outcome = dy.Enum(DEPLOYMENT_OUTCOMES)
    failed_stage = dy.Enum(STAGES, nullable=True)
    code = dy.String(nullable=True)
    failure_text = dy.String(nullable=True, metadata=personal("text"))
    total = dy.Duration(nullable=True)
    device_preparation = dy.Duration(nullable=True)
    device_setup = dy.Duration(nullable=True)
    account_setup = dy.Duration(nullable=True)
    apps = dy.Int64(nullable=True, description="Targeted apps")
    policies = dy.Int64(nullable=True, description="Targeted policies")
    flags = dy.String(nullable=True, description="Known traps of this row, comma between them")
    member = dy.String(nullable=True, description="File that tells of it; of a capture that of its end")
    record = dy.Int64(
        nullable=True, description="Row of a report or of a page, from 1; of a capture the record of its end"
    )
    intune_device_id = dy.String(nullable=True, metadata=personal("id"))
    entra_device_id = dy.String(nullable=True, metadata=personal("id"))


def describing() -> tuple[str, ...]:
    """Return the columns of `deployments` that say what was deployed, in the table's order."""
    columns = Deployment.columns()
    return tuple(name for name, column in columns.items() if (column.metadata or {}).get("describes"))


class Identity(dy.Schema):
    """What a fleet export says of one device beside any attempt: registration, import, inventory."""

    device = dy.String(metadata=personal("device"))
    report = dy.String()
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True, description="When it was written")
    serial = dy.String(nullable=True, metadata=personal("serial"))
    intune_device_id = dy.String(nullable=True, metadata=personal("id"))
    entra_device_id = dy.String(nullable=True, metadata=personal("id"))
    name = dy.String(nullable=True, metadata=personal("host"))
    user = dy.String(nullable=True, metadata=personal("user"))
    manufacturer = dy.String(nullable=True)
    model = dy.String(nullable=True)
    build = dy.String(nullable=True)
    firmware = dy.String(nullable=True)
    tpm_version = dy.String(nullable=True)
    group_tag = dy.String(nullable=True)
    device_category = dy.String(nullable=True)
    profile = dy.String(nullable=True)
    profile_state = dy.String(nullable=True)
    profile_state_detail = dy.String(nullable=True)
    enrollment_state = dy.String(nullable=True)
    enrolled_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    assigned_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    contacted_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    remediation_state = dy.String(nullable=True)
    userless_state = dy.String(nullable=True)
    os = dy.String(nullable=True)
    compliance_state = dy.String(nullable=True)
    management_state = dy.String(nullable=True)
    encrypted = dy.Bool(nullable=True)
    retire_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    failure_text = dy.String(nullable=True, metadata=personal("text"))
    code = dy.String(nullable=True)
    registration_id = dy.String(
        nullable=True, metadata=personal("id"), description="Id of the registration for Autopilot (ZTDID)"
    )
    account_enabled = dy.Bool(nullable=True, description="Whether Entra ID lets the device sign in")
    managed = dy.Bool(nullable=True, description="Whether Entra ID holds the device as managed")


class EnrollmentFailure(dy.Schema):
    """One enrolment the service has written down as failed, or as an activity that may have failed."""

    device = dy.String(
        nullable=True, metadata=personal("device"), description="Null when the report names no device"
    )
    report = dy.String()
    activity = dy.String(nullable=True, description="Key of the activity or the correlation id")
    intune_device_id = dy.String(nullable=True, metadata=personal("id"))
    entra_device_id = dy.String(nullable=True, metadata=personal("id"))
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    user = dy.String(nullable=True, metadata=personal("user"))
    user_id = dy.String(nullable=True, metadata=personal("id"), description="Id of the user in Entra")
    build = dy.String(nullable=True)
    enrollment_type = dy.String(nullable=True)
    category = dy.String(nullable=True)
    failure_text = dy.String(nullable=True, metadata=personal("text"))
    detail = dy.String(nullable=True, metadata=personal("text"))
    remedy = dy.String(nullable=True)
    code = dy.String(nullable=True)
    computer = dy.String(nullable=True, metadata=personal("host"))
    event = dy.String(
        nullable=True, description="Id of the row in the service: with one id several rows are one"
    )


class ItemStatus(dy.Schema):
    """What one export says of one app, script or policy on one device."""

    device = dy.String(nullable=True, metadata=personal("device"))
    report = dy.String()
    deployment = dy.String(nullable=True, description="Key of the attempt, when the export nests it there")
    item = dy.String(nullable=True)
    name = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    version = dy.String(nullable=True)
    state = dy.String(nullable=True)
    detail = dy.String(nullable=True, metadata=personal("text"))
    tracked = dy.Bool(nullable=True, description="Waited for; null when nothing tells")
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    user = dy.String(nullable=True, metadata=personal("user"))
    code = dy.String(nullable=True)
    build = dy.String(nullable=True)
    manufacturer = dy.String(nullable=True)
    model = dy.String(nullable=True)
    device_category = dy.String(nullable=True)
    computer = dy.String(nullable=True, metadata=personal("host"))


class ItemCount(dy.Schema):
    """On how many devices one app or policy stands how, as an aggregate report counts."""

    report = dy.String()
    item = dy.String(nullable=True)
    name = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    version = dy.String(nullable=True)
    publisher = dy.String(nullable=True)
    installed = dy.Int64(nullable=True)
    failed = dy.Int64(nullable=True)
    conflict = dy.Int64(nullable=True)
    pending = dy.Int64(nullable=True)
    not_installed = dy.Int64(nullable=True)
    not_applicable = dy.Int64(nullable=True)


class AuditChange(dy.Schema):
    """One change an administrator made, a candidate cause of what came after."""

    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    operation = dy.String(nullable=True)
    category = dy.String(nullable=True)
    identity = dy.String(nullable=True, metadata=personal("user"))
    target = dy.String(nullable=True, description="What was changed, when the record names it")
    result = dy.String(nullable=True)
    properties = dy.String(nullable=True, metadata=personal("text"), description="JSON as written")


class SignIn(dy.Schema):
    """One sign-in to a service of the tenant, as Entra's log of sign-ins has it."""

    device = dy.String(
        nullable=True, metadata=personal("device"), description="Null where the device is not known to Entra"
    )
    report = dy.String()
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    user = dy.String(nullable=True, metadata=personal("user"))
    app = dy.String(nullable=True, description="Name of the app that asked")
    app_id = dy.String(nullable=True)
    resource = dy.String(nullable=True, description="Name of the service that it asked for")
    state = dy.String(nullable=True)
    code = dy.String(nullable=True, description="Like AADSTS53003; null where the sign-in went well")
    failure_text = dy.String(nullable=True, metadata=personal("text"))
    conditional_access = dy.String(nullable=True)
    policy = dy.String(nullable=True, description="Policies of Conditional Access that refused it")
    os = dy.String(nullable=True)

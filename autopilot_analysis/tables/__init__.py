"""The schema of every frame that passes a door; the only place a column is named."""

from __future__ import annotations

from functools import cache

import dataframely as dy
import polars as pl

from autopilot_analysis.clock.provenance import CLOCKS
from autopilot_analysis.tables.capture import (
    PRESENCE,
    STATES,
    Coverage,
    Device,
    Event,
    Gap,
    LogLine,
    Member,
    Property,
    RegistryValue,
    Setting,
)
from autopilot_analysis.tables.collections import Findings, Tables, Trace
from autopilot_analysis.tables.fleet import (
    DEPLOYMENT_OUTCOMES,
    ORIGINS,
    AuditChange,
    Deployment,
    EnrollmentFailure,
    Identity,
    ItemCount,
    ItemStatus,
    SignIn,
)
from autopilot_analysis.tables.story import (
    KINDS,
    OUTCOMES,
    STAGES,
    Attempt,
    Install,
    Mark,
    Screen,
    StageRun,
    Step,
    TlsCheck,
)
from autopilot_analysis.tables.timeline import LANES, LEVELS, OCCURRENCES, Occurrence
from autopilot_analysis.tables.verdict import ROLES, SEVERITIES, Evidence, Finding

SCHEMAS: dict[str, type[dy.Schema]] = {
    "members": Member,
    "gaps": Gap,
    "coverage": Coverage,
    "devices": Device,
    "events": Event,
    "log_lines": LogLine,
    "registry_values": RegistryValue,
    "settings": Setting,
    "properties": Property,
    "marks": Mark,
    "steps": Step,
    "stage_runs": StageRun,
    "attempts": Attempt,
    "installs": Install,
    "screens": Screen,
    "tls_checks": TlsCheck,
    "timeline": Occurrence,
    "findings": Finding,
    "evidence": Evidence,
    "deployments": Deployment,
    "identities": Identity,
    "enrollment_failures": EnrollmentFailure,
    "item_statuses": ItemStatus,
    "item_counts": ItemCount,
    "audit_changes": AuditChange,
    "sign_ins": SignIn,
}
"""Every table by its name, in the order an analyst meets them."""


@cache
def schema_of(table: str) -> pl.Schema:
    """Return the columns of a table and their types.

    Args:
        table: A name of SCHEMAS.
    """
    return pl.Schema({name: column.dtype for name, column in SCHEMAS[table].columns().items()})


__all__ = [
    "CLOCKS",
    "DEPLOYMENT_OUTCOMES",
    "KINDS",
    "LANES",
    "LEVELS",
    "OCCURRENCES",
    "ORIGINS",
    "OUTCOMES",
    "PRESENCE",
    "ROLES",
    "SCHEMAS",
    "SEVERITIES",
    "STAGES",
    "STATES",
    "Attempt",
    "AuditChange",
    "Coverage",
    "Deployment",
    "Device",
    "EnrollmentFailure",
    "Event",
    "Evidence",
    "Finding",
    "Findings",
    "Gap",
    "Identity",
    "Install",
    "ItemCount",
    "ItemStatus",
    "LogLine",
    "Mark",
    "Member",
    "Occurrence",
    "Property",
    "RegistryValue",
    "Screen",
    "Setting",
    "SignIn",
    "StageRun",
    "Step",
    "Tables",
    "TlsCheck",
    "Trace",
    "schema_of",
]

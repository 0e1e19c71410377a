"""What went wrong: findings and the evidence for each."""

from __future__ import annotations

import dataframely as dy

from autopilot_analysis.tables.personal import personal
from autopilot_analysis.tables.story import STAGES

CRITICAL, HIGH, WARNING, INFO = "critical", "high", "warning", "info"
SEVERITIES = [CRITICAL, HIGH, WARNING, INFO]
ERROR = "error"
"""How logs, and the timeline, call what is graver than a warning."""
CAUSE, CONSEQUENCE, CONTEXT = "cause", "consequence", "context"
ROLES = [CAUSE, CONSEQUENCE, CONTEXT]

OF_FINDING = "Of the finding it proves"


class Finding(dy.Schema):
    """One thing that went wrong, or must be known."""

    id = dy.Int64(description="From 1 within its export; evidence and timeline name it")
    device = dy.String(metadata=personal("device"))
    attempt = dy.Int64(nullable=True)
    rule = dy.String(description="Id in facts/rules.csv")
    severity = dy.Enum(SEVERITIES)
    confidence = dy.Float64(min=0.0, max=1.0)
    stage = dy.Enum(STAGES, nullable=True)
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    code = dy.String(nullable=True)
    title = dy.String(metadata=personal("text"))
    meaning = dy.String(metadata=personal("text"))
    remedy = dy.String(nullable=True)
    page = dy.String(nullable=True)
    role = dy.Enum(ROLES, description="cause, consequence of another finding, or context")
    item = dy.String(
        nullable=True,
        metadata=personal("text"),
        description="What it is about: an app, a setting, a provider",
    )


class Evidence(dy.Schema):
    """One proof of a finding."""

    finding = dy.Int64(description="Id of the finding it proves")
    device = dy.String(metadata=personal("device"))
    rule = dy.String()
    attempt = dy.Int64(nullable=True)
    member = dy.String()
    record = dy.Int64(nullable=True)
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    quote = dy.String(metadata=personal("text"), description="What stands there, shortened")
    code = dy.String(nullable=True, description=OF_FINDING)
    item = dy.String(nullable=True, metadata=personal("text"), description=OF_FINDING)

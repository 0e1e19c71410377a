"""Many devices: one attempt a row, whatever export it came from."""

from __future__ import annotations

import dataframely as dy

from autopilot_analysis.tables.capture import PERSONAL
from autopilot_analysis.tables.story import STAGES

ORIGINS = ["capture", "graph", "report_v1", "report_v2", "log_analytics"]
DEPLOYMENT_OUTCOMES = ["succeeded", "failed", "in_progress", "abandoned", "unknown"]


class Deployment(dy.Schema):
    """One attempt as a fleet row."""

    device = dy.String(metadata=PERSONAL)
    deployment = dy.String(description="Key of the attempt, unique in its origin")
    origin = dy.Enum(ORIGINS)
    serial = dy.String(nullable=True, metadata=PERSONAL)
    name = dy.String(nullable=True, metadata=PERSONAL)
    user = dy.String(nullable=True, metadata=PERSONAL)
    manufacturer = dy.String(nullable=True)
    model = dy.String(nullable=True)
    build = dy.String(nullable=True, description="Build and revision, like 22631.4037")
    group_tag = dy.String(nullable=True)
    profile = dy.String(nullable=True)
    esp_profile = dy.String(nullable=True)
    enrollment_type = dy.String(nullable=True)
    started_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    ended_at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    observed_until = dy.Datetime(
        time_zone="UTC", time_unit="us", nullable=True, description="How long it was watched when it did not end"
    )
    outcome = dy.Enum(DEPLOYMENT_OUTCOMES)
    failed_stage = dy.Enum(STAGES, nullable=True)
    code = dy.String(nullable=True)
    failure_text = dy.String(nullable=True, metadata=PERSONAL)
    total = dy.Duration(nullable=True)
    device_preparation = dy.Duration(nullable=True)
    device_setup = dy.Duration(nullable=True)
    account_setup = dy.Duration(nullable=True)
    apps = dy.Int64(nullable=True, description="Targeted apps")
    policies = dy.Int64(nullable=True, description="Targeted policies")
    flags = dy.String(nullable=True, description="Known traps of this row, comma between them")

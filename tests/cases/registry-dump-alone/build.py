"""A registry dump and nothing beside it."""

from __future__ import annotations

from pathlib import Path

from cases import agent, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "registry-dump-alone",
        utc(2025, 10, 14, 7, 0),
        build="26100.6584",
        name="CO-66001",
        serial="CO-66001-P",
    )
    stages.profile_keys(d, 0)
    stages.enrolment_keys(d)
    d.key(
        rf"{stages.TRACKING}\Device\DevicePreparation\PolicyProviders\Sidecar",
        InstallationState=3,
        LastError=0,
        Timeout=15,
    )
    d.key(rf"{stages.TRACKING}\Device\Setup\Apps\PolicyProviders\Sidecar", TrackingPoliciesCreated=1)
    agent.remembered(d, "Archive Tool", 0, 0)
    agent.remembered(d, "Remote Help", 0, 0x87D1041C)
    d.category("DevicePreparation", "succeeded")
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x87D1041C)"))
    d.collected = 40
    return d.as_cabinet(folder)

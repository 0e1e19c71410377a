"""Enrolled with another management, whose sessions go well and which never says that it has sent all."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_page import part, state
from cases.outside_stages import boot, enrol, first_sync, join, profile, sync

OPEN = {
    "SecurityPolicies": ("inProgress", "Security policies (Identifying)"),
    "Certificates": ("notStarted", "Certificates (Waiting)"),
    "NetworkConnections": ("notStarted", "Network connections (Waiting)"),
    "Apps": ("notStarted", "Apps (Waiting)"),
}


def build(folder: Path) -> Path:
    m = Machine(
        "another-management-never-says-that-it-is-done",
        at(2026, 7, 8, 14, 0),
        build="26200.8524",
        zone="America/Denver",
        name="WS-7018",
        serial="WS-7018-F",
        provider="Fleet",
    )
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    enrol(m, 3)
    state(m, "DevicePreparation", "succeeded")
    part(m, 4.5, "DeviceSetup")
    state(m, "DeviceSetup", "inProgress", **OPEN)
    first_sync(m, 180, ServerHasFinishedProvisioning=0, IsSyncDone=0, WasDeviceSuccessfullyProvisioned=2)
    for n in range(40):
        sync(m, 6 + n * 3)
    lived(m, 130)
    return m.as_zip(folder)

"""Enrolment refused, the device leaves Entra again, and the second run goes well."""

from __future__ import annotations

from pathlib import Path

from cases import agent, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "refused-left-joined-again",
        utc(2025, 12, 2, 10, 0),
        build="26100.6584",
        name="WT-4431",
        serial="WT-4431-B",
        domain="wingtip.example",
        renamed_at=70,
    )
    reason = "Personal Windows enrollment is blocked for this user by an enrollment restriction."
    stages.boot(d, -1)
    stages.network(d, 0)
    stages.query(d, 0.1, profile=False)
    stages.join(d, 4)
    stages.refuse(d, 5, 0x80180014, "DeviceNotSupported", reason)
    d.event("shell", 5.3, 62407, Name="CDJUIError", Value="80180014")
    stages.unjoin(d, 5.6)
    stages.shutdown(d, 20)
    stages.boot(d, 60)
    stages.profile(d, 61)
    stages.join(d, 64)
    stages.enrol(d, 65)
    status_page.preparation(d, 66, 1)
    status_page.device_setup(d, 68)
    agent.app(d, 68.2, "Archive Tool")
    status_page.device_done(d, 72, 1)
    status_page.account_setup(d, 73)
    status_page.account_done(d, 75)
    stages.desktop(d, 76)
    d.collected = 90
    return d.as_zip(folder)

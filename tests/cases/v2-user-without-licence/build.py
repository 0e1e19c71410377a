"""Device preparation refused at enrolment, for want of a licence."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "v2-user-without-licence",
        utc(2025, 6, 24, 7, 35),
        build="26100.4061",
        name="DESKTOP-4K7Q2LM",
        serial="WT-7702-C",
        domain="wingtip.example",
    )
    stages.boot(d, -1)
    stages.network(d, 0)
    stages.query(d, 0.2, profile=False)
    stages.empty_keys(d, AutopilotDevicePrepHint=11)
    stages.join(d, 4)
    stages.refuse(
        d, 5, 0x80180018, "UserLicense", "The user does not have a license that permits MDM enrollment."
    )
    d.event("shell", 5.3, 62407, Name="CDJUIError", Value="80180018")
    stages.unjoin(d, 5.7)
    d.collected = 15
    return d.as_cabinet(folder)

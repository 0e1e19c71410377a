"""The server says in words why it refuses."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "fault-text-device-cap",
        utc(2025, 2, 25, 12, 30),
        build="22631.4890",
        name="WT-3407",
        serial="WT-3407-J",
        domain="wingtip.example",
    )
    stages.boot(d, -1)
    stages.profile(d, 0)
    stages.join(d, 2)
    stages.refuse(
        d,
        3,
        0x80180013,
        "DeviceCapReached",
        "User kim@wingtip.example has reached the limit of 5 devices set by policy Staff laptops.",
    )
    d.event("shell", 3.3, 62407, Name="CDJUIError", Value="80180013")
    d.event("shell", 3.35, 62407, Name="CDJUIShowPage", Value="idErrorPage")
    d.collected = 15
    return d.as_cabinet(folder)

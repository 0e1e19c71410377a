"""Three starts with a profile, then none: the loss is the story, the refusal its consequence."""

from __future__ import annotations

import json
from pathlib import Path

from cases import stages
from cases.building import DAY, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "profile-lost-between-boots",
        utc(2026, 5, 18, 13, 5),
        build="26100.6584",
        name="DESKTOP-4K7Q2LM",
        serial="WT-9320-F",
        domain="wingtip.example",
    )
    for t in (0, 35, 80):
        stages.boot(d, t)
        stages.profile(d, t + 1)
        stages.shutdown(d, t + 12)
    for day in (1, 2):
        t = day * DAY
        stages.boot(d, t)
        stages.network(d, t + 1)
        stages.query(d, t + 1.2, profile=False)
        stages.join(d, t + 6)
        stages.refuse(d, t + 7, 0x80180014, "DeviceNotSupported", "Device Identifier not preregistered")
        d.event("shell", t + 7.3, 62407, Name="CDJUIError", Value="80180014")
        stages.unjoin(d, t + 7.6)
        stages.shutdown(d, t + 20)
    server = '{"ZeroTouchConfig":{"CloudAssignedTenantUpn":"","CloudAssignedTenantDomain":"","ForcedEnrollment":0}}'
    d.registry[rf"HKEY_LOCAL_MACHINE\{stages.CACHE}"] = {
        "PolicyJsonCache": json.dumps(
            {
                "AutopilotUpdateTimeout": 1800000,
                "CloudAssignedAadServerData": server,
                "CloudAssignedDeviceNameLastProcessed": "WT-%RAND:5%",
            },
            separators=(",", ":"),
        ),
        "ProfileAvailable": 0,
    }
    d.text("AutopilotDDSZTDFile.json", '{"PolicyDownloadDate":"2026-05-20T13:06:12Z"}', "utf-16")
    d.collected = 2 * DAY + 30
    return d.as_cabinet(folder)

"""A private PC that asks for a profile at a few starts and never gets one."""

from __future__ import annotations

from pathlib import Path

from cases import noise, stages
from cases.building import DAY, HOUR, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "boots-without-a-profile",
        utc(2024, 6, 3, 16, 0),
        build="22631.3880",
        name="DESKTOP-4K7Q2LM",
        serial="5TQ2-0083",
    )
    for n, day in enumerate((0, 3, 4, 9, 15, 16, 30)):
        t = day * DAY + n * 13
        stages.boot(d, t)
        stages.network(d, t + 0.5)
        stages.query(d, t + 0.8, profile=False)
        d.event("autopilot", t + 0.9, 100, 3, Message1="CloudAssignedOobeConfig")
        d.event("winlogon", t + 2, 7001, TSId=1, UserSid="S-1-5-21-1004336348-1177238915-682003330-1001")
        stages.shutdown(d, t + 3 * HOUR, "power off", r"C:\Windows\explorer.exe")
    noise.packages(d, 5, 8)
    stages.empty_keys(d)
    d.text("AutopilotDDSZTDFile.json", '{"PolicyDownloadDate":"2024-07-03T16:20:11Z"}', "utf-16")
    d.collected = 30 * DAY + 200
    return d.as_zip(folder)

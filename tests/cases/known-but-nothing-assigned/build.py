"""The service knows the device and has no profile for it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AUTOPILOT, CACHE, Code, Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, halt, query


def build(folder: Path) -> Path:
    m = Machine(
        "known-but-nothing-assigned",
        at(2026, 4, 14, 12, 0),
        name="DESKTOP-QH7T2RD",
        serial="WS-7120-G",
        zone="Europe/Madrid",
    )
    lived(m, 30)
    for n in range(2):
        t = n * 12
        boot(m, t - 2)
        query(m, t)
        m.event(
            "autopilot",
            t + 0.1,
            709,
            3,
            HRESULT=Code(0x80070490),
            Message1='{"ErrorCode":815,"ErrorReason":"ZtdDeviceHasNoAssignedProfile"}',
        )
        m.event(
            "autopilot",
            t + 0.11,
            707,
            2,
            HRESULT=Code(0x80070490),
            Message1="DdsZtdPolicyManager",
            Message2=m.id("cv"),
        )
        m.event("autopilot", t + 0.12, 153, InitialState=0, UpdateState=1)
        m.event("autopilot", t + 0.13, 170)
        m.event("autopilot", t + 0.14, 314, 3)
        m.event("shell", t + 1, 62404, CXID="OobeIDPS")
        if n == 0:
            halt(m, t + 8, "restart", r"C:\Windows\System32\shutdown.exe")
    m.key(CACHE, PolicyJsonCache="{}", ProfileAvailable=0)
    m.key(AUTOPILOT, IsAutoPilotDisabled=1, CloudAssignedTenantDomain="", CloudAssignedTenantId="")
    answer = {
        "ErrorCode": 815,
        "ErrorReason": "ZtdDeviceHasNoAssignedProfile",
        "PolicyDownloadDate": "2026-04-14T12:12:06Z",
    }
    m.text("AutopilotDDSZTDFile.json", compact(answer), "utf-16")
    return m.as_zip(folder)

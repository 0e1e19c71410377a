"""The clock is 14 months behind and the time service cannot be reached."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, Code, Machine, Signed, at
from cases.outside_noise import collector, first_hours
from cases.outside_stages import boot, query


def build(folder: Path) -> Path:
    m = Machine("clock-never-set-right", at(2024, 11, 26, 10, 0), name="DESKTOP-QH7T2RD", serial="WS-2045-W")
    boot(m, -2)
    first_hours(m)
    query(m, 0)
    for k in range(5):
        m.event("autopilot", 0.1 + k, 750, 2)
        m.event(
            "autopilot",
            0.2 + k,
            753,
            3,
            ServerTime="01/27/2026 09:12:0" + str(k),
            ClientTime=f"11/26/2024 10:0{k}:12",
            AttemptNumber=Signed(k + 1),
            MaxAttempts=Signed(5),
        )
        m.event("autopilot", 0.4 + k, 752, 2, HRESULT=Code(0x800705B4))
        m.event("autopilot", 0.5 + k, 710, 2, HRESULT=Code(0x80072F8F), Message1="https://login.live.com")
        m.event(
            "autopilot",
            0.501 + k,
            706,
            3,
            HRESULT=Code(0x80072F8F),
            Message1="DdsZtdPolicyManager",
            Message2=m.id("cv"),
        )
    m.event(
        "autopilot", 6, 707, 2, HRESULT=Code(0x80072F8F), Message1="DdsZtdPolicyManager", Message2=m.id("cv")
    )
    m.event("autopilot", 6.01, 153, InitialState=0, UpdateState=1)
    m.event("autopilot", 6.02, 314, 3)
    m.event("shell", 7, 62404, CXID="OobeIDPS")
    m.key(CACHE, PolicyJsonCache="{}", ProfileAvailable=0)
    m.collected = 20
    collector(m, 20)
    return m.as_zip(folder)

"""The deployment service's name is not resolved."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AUTOPILOT, CACHE, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, halt, query


def build(folder: Path) -> Path:
    m = Machine(
        "service-name-not-resolved", at(2025, 12, 2, 8, 20), name="DESKTOP-QH7T2RD", serial="WS-9034-J"
    )
    lived(m, 35)
    for n in range(2):
        t = n * 14
        boot(m, t - 2)
        query(m, t)
        for k in range(4):
            m.event(
                "autopilot",
                t + 0.1 + k * 0.6,
                710,
                2,
                HRESULT=Code(0x80072EE7),
                Message1="https://ztd.dds.microsoft.com",
            )
            m.event(
                "autopilot",
                t + 0.101 + k * 0.6,
                706,
                3,
                HRESULT=Code(0x80072EE7),
                Message1="DdsZtdPolicyManager",
                Message2=m.id("cv"),
            )
        m.event(
            "autopilot",
            t + 2.6,
            707,
            2,
            HRESULT=Code(0x80072EE7),
            Message1="DdsZtdPolicyManager",
            Message2=m.id("cv"),
        )
        m.event("autopilot", t + 2.61, 153, InitialState=0, UpdateState=1)
        m.event("autopilot", t + 2.62, 170)
        m.event("autopilot", t + 2.63, 314, 3)
        m.event("shell", t + 4, 62404, CXID="OobeIDPS")
        if n == 0:
            halt(m, t + 9, "restart", r"C:\Windows\System32\shutdown.exe")
    m.key(CACHE, PolicyJsonCache="{}", ProfileAvailable=0)
    m.key(AUTOPILOT, IsAutoPilotDisabled=1, CloudAssignedTenantDomain="")
    return m.as_zip(folder)

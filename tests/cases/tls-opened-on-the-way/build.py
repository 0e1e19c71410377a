"""TLS is opened on the way; the clock is right."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, query


def build(folder: Path) -> Path:
    m = Machine("tls-opened-on-the-way", at(2026, 2, 24, 13, 30), name="DESKTOP-QH7T2RD", serial="WS-1267-N")
    lived(m, 25, step=0)
    boot(m, -2)
    query(m, 0)
    for k in range(4):
        m.event("autopilot", 0.1 + k * 0.7, 750, 2)
        m.event("autopilot", 0.12 + k * 0.7, 751)
        m.event(
            "autopilot", 0.2 + k * 0.7, 710, 2, HRESULT=Code(0x80072F8F), Message1="https://login.live.com"
        )
        m.event(
            "autopilot",
            0.201 + k * 0.7,
            706,
            3,
            HRESULT=Code(0x80072F8F),
            Message1="DdsZtdPolicyManager",
            Message2=m.id("cv"),
        )
    m.event(
        "autopilot",
        3.2,
        707,
        2,
        HRESULT=Code(0x80072F8F),
        Message1="DdsZtdPolicyManager",
        Message2=m.id("cv"),
    )
    m.event("autopilot", 3.21, 153, InitialState=0, UpdateState=1)
    m.event("autopilot", 3.22, 314, 3)
    m.event("shell", 5, 62404, CXID="OobeIDPS")
    m.key(CACHE, PolicyJsonCache="{}", ProfileAvailable=0)
    return m.as_zip(folder)

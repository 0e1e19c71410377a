"""The Microsoft account sign-in assistant is disabled in the image."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, query


def build(folder: Path) -> Path:
    m = Machine(
        "sign-in-assistant-switched-off", at(2026, 2, 12, 11, 0), name="DESKTOP-QH7T2RD", serial="WS-5536-F"
    )
    lived(m, 25)
    boot(m, -4)
    query(m, 0)
    m.event("autopilot", 0.05, 154, 2, HRESULT=Code(0x80070422))
    for k in range(4):
        m.event(
            "autopilot",
            0.1 + k * 0.6,
            710,
            2,
            HRESULT=Code(0x80070422),
            Message1="https://ztd.dds.microsoft.com",
        )
        m.event(
            "autopilot",
            0.101 + k * 0.6,
            706,
            3,
            HRESULT=Code(0x80070422),
            Message1="DdsZtdPolicyManager",
            Message2=m.id("cv"),
        )
    m.event(
        "autopilot",
        2.6,
        707,
        2,
        HRESULT=Code(0x80070422),
        Message1="DdsZtdPolicyManager",
        Message2=m.id("cv"),
    )
    m.event("autopilot", 2.61, 153, InitialState=0, UpdateState=1)
    m.event("autopilot", 2.62, 314, 3)
    m.event("shell", 4, 62404, CXID="OobeEula")
    m.key(CACHE, PolicyJsonCache="{}", ProfileAvailable=0)
    m.key(
        r"system\currentcontrolset\services\wlidsvc",
        Start=4,
        ImagePath=r"%SystemRoot%\system32\svchost.exe -k netsvcs -p",
    )
    return m.as_zip(folder)

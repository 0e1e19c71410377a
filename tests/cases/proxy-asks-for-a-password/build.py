"""A proxy answers 407 to the deployment service's query."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, query


def build(folder: Path) -> Path:
    m = Machine(
        "proxy-asks-for-a-password",
        at(2025, 8, 19, 9, 10),
        build="26100.4946",
        name="DESKTOP-QH7T2RD",
        serial="WS-1045-L",
    )
    lived(m, 25)
    boot(m, -2)
    query(m, 0)
    for k in range(5):
        m.event(
            "autopilot", 0.1 + k * 0.5, 710, 2, HRESULT=Code(0x80190197), Message1="https://login.live.com"
        )
        m.event(
            "autopilot",
            0.101 + k * 0.5,
            706,
            3,
            HRESULT=Code(0x80190197),
            Message1="DdsZtdPolicyManager",
            Message2=m.id("cv"),
        )
    m.event(
        "autopilot", 3, 707, 2, HRESULT=Code(0x80190197), Message1="DdsZtdPolicyManager", Message2=m.id("cv")
    )
    m.event("autopilot", 3.01, 153, InitialState=0, UpdateState=1)
    m.event("autopilot", 3.02, 314, 3)
    m.event("shell", 5, 62404, CXID="OobeIDPS")
    m.key(CACHE, PolicyJsonCache="{}", ProfileAvailable=0)
    m.commands[r"netsh.exe winhttp show proxy"] = (
        "\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Proxy Server(s) :  proxy.example.org:8080\r\n    Bypass List     :  (none)\r\n\r\n"
    )
    return m.as_collection(folder)

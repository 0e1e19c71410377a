"""OOBE at home: the image names the office's proxy, which nobody can resolve there."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, query


def build(folder: Path) -> Path:
    m = Machine(
        "office-proxy-taken-home",
        at(2026, 1, 20, 18, 5),
        build="26100.7623",
        name="DESKTOP-QH7T2RD",
        serial="WS-1104-D",
    )
    lived(m, 25)
    boot(m, -2)
    query(m, 0)
    for k in range(4):
        code = {"HRESULT": Code(0x80072EE7)}
        m.event("autopilot", 0.1 + k * 0.5, 710, 2, **code, Message1="https://ztd.dds.microsoft.com")
        m.event(
            "autopilot", 0.101 + k * 0.5, 706, 3, **code, Message1="DdsZtdPolicyManager", Message2=m.id("cv")
        )
    m.event(
        "autopilot", 3, 707, 2, HRESULT=Code(0x80072EE7), Message1="DdsZtdPolicyManager", Message2=m.id("cv")
    )
    m.event("autopilot", 3.01, 153, InitialState=0, UpdateState=1)
    m.event("autopilot", 3.02, 314, 3)
    m.event("shell", 5, 62404, CXID="OobeIDPS")
    m.key(CACHE, PolicyJsonCache="{}", ProfileAvailable=0)
    m.commands[r"netsh.exe winhttp show proxy"] = (
        "\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Proxy Server(s) :  proxy.corp.contoso.example:8080\r\n"
        "    Bypass List     :  *.corp.contoso.example\r\n\r\n"
    )
    m.commands[r"ipconfig.exe /all"] = (
        "\r\nWindows IP Configuration\r\n\r\n   Host Name . . . . . . . . . . . . : DESKTOP-QH7T2RD\r\n"
        "   DNS Suffix Search List. . . . . . : home\r\n\r\nWireless LAN adapter Wi-Fi:\r\n\r\n"
        "   Connection-specific DNS Suffix  . : home\r\n   DHCP Enabled. . . . . . . . . . . : Yes\r\n"
        "   IPv4 Address. . . . . . . . . . . : 192.0.2.44(Preferred)\r\n   Default Gateway . . . . . . . . . : 192.0.2.1\r\n"
        "   DNS Servers . . . . . . . . . . . : 192.0.2.1\r\n"
    )
    return m.as_collection(folder)

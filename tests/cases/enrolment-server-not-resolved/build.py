"""The device joins Entra, but the name of the enrolment server cannot be resolved."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_mail import numbered
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile

IPCONFIG = """
Windows IP Configuration

   Host Name . . . . . . . . . . . . : WS-4471
   Primary Dns Suffix  . . . . . . . :
   Node Type . . . . . . . . . . . . : Hybrid

Ethernet adapter Ethernet:

   Connection-specific DNS Suffix  . : branch.example.com
   DHCP Enabled. . . . . . . . . . . : Yes
   IPv4 Address. . . . . . . . . . . : 192.0.2.44(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.255.0
   Default Gateway . . . . . . . . . : 192.0.2.1
   DNS Servers . . . . . . . . . . . : 192.0.2.53
"""


def build(folder: Path) -> Path:
    m = Machine("enrolment-server-not-resolved", at(2026, 4, 14, 9, 5), zone="Europe/Madrid")
    boot(m, -4)
    profile(m, 0)
    for n in range(2):
        t = 2.5 + n * 6
        join(m, t)
        m.event("enrol", t + 0.6, 4)
        m.event("enrol", t + 1.1, 5, 2, HRESULT=Code(0x80072EE7))
        m.event("enrol", t + 1.101, 71, 2, HRESULT=Code(0x80072EE7))
        leave(m, t + 1.4)
    m.commands["ipconfig.exe /all"] = IPCONFIG
    m.commands["netsh.exe winhttp show proxy"] = (
        "\nCurrent WinHTTP proxy settings:\n\n    Direct access (no proxy server).\n\n"
    )
    lived(m, 40)
    return numbered(m, folder)

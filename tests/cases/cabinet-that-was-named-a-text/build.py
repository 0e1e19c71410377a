"""A folder out of a mail: the cabinet was renamed to pass the mail's filter."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_files import write_cab
from cases.outside_noise import lived
from cases.outside_stages import boot, join, profile
from cases.outside_ten import refused_twice

MAIL = """Hi,

our mail does not let .cab through, so I renamed it to mdmlogs.txt. The ipconfig is beside it.
Both laptops of the new colleagues stop at "Something went wrong".
"""
ADDRESSES = """
Windows IP Configuration

   Host Name . . . . . . . . . . . . : WS-8110
   Node Type . . . . . . . . . . . . : Hybrid

Ethernet adapter Ethernet:

   IPv4 Address. . . . . . . . . . . : 192.0.2.61(Preferred)
   Default Gateway . . . . . . . . . : 192.0.2.1
   DNS Servers . . . . . . . . . . . : 192.0.2.53
"""


def build(folder: Path) -> Path:
    path = folder / "cabinet-that-was-named-a-text"
    path.mkdir()
    m = Machine(
        "cabinet-that-was-named-a-text",
        at(2026, 9, 1, 7, 40),
        build="26100.8655",
        zone="Europe/Rome",
        name="WS-8110",
        serial="WS-8110-K",
    )
    lived(m, 30)
    boot(m, -4)
    profile(m, 0)
    join(m, 2)
    refused_twice(m, 0x80180018, "UserLicense", "License of user is in bad state blocking enrollment.")
    (path / "mdmlogs.txt").write_bytes(write_cab(m.cab_members()))
    (path / "mail.txt").write_text(MAIL, newline="\r\n")
    (path / "ipconfig.txt").write_text(ADDRESSES, newline="\r\n")
    return path

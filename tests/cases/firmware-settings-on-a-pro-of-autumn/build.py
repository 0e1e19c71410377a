"""A deployment goes well; the firmware's settings (DFCI) are refused on Windows 11 Pro 24H2 of October 2024."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import refused_node
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready
from cases.outside_ten import checks_in

NODES = ("Identity/Apply", "Permissions/Apply", "Settings/Apply")


def build(folder: Path) -> Path:
    m = Machine(
        "firmware-settings-on-a-pro-of-autumn",
        at(2024, 10, 29, 8, 0),
        build="26100.2033",
        zone="Europe/London",
        name="WS-8124",
        serial="WS-8124-Z",
    )
    lived(m, 3 * 1440.0)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    for k in range(6):
        for n, node in enumerate(NODES):
            refused_node(m, t + 1 + n * 0.01 + k * 480, f"./Vendor/MSFT/Uefi/{node}", 0x86000002)
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    checks_in(m, end + 30, 4)
    days(m, 1, 3)
    return m.as_collection(folder)

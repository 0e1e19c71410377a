"""A German machine: Windows Installer refuses a package because of a policy."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine("windows-blockiert-das-paket", at(2026, 6, 2, 11, 20), zone="Europe/Berlin")
    t = ready(m)
    announced(m, t + 0.1, "Zeiterfassung", "Unterschriftenpad Treiber")
    app(m, t + 0.3, "Zeiterfassung")
    app(m, t + 3, "Unterschriftenpad Treiber", 1625, minutes=1.2)
    m.event(
        "installer",
        t + 4.1,
        1625,
        2,
        plain=[
            "Diese Installation ist aufgrund einer Systemrichtlinie nicht zulässig. Wenden Sie sich an den "
            "Systemadministrator.",
            "(NULL)",
            "(NULL)",
            "(NULL)",
            "(NULL)",
            "",
            "",
        ],
    )
    page_fails(m, t + 4.6, "DeviceSetup.Apps", 0x80070659)
    lived(m, t + 15)
    return m.as_folder(folder)

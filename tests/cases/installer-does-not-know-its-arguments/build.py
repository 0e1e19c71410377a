"""Device setup: an app's command line is wrong."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready
from cases.outside_ten import checks_in


def build(folder: Path) -> Path:
    m = Machine(
        "installer-does-not-know-its-arguments",
        at(2026, 5, 26, 13, 0),
        build="26100.8328",
        zone="America/Chicago",
        name="WS-8120",
        serial="WS-8120-V",
    )
    lived(m, 60)
    t = ready(m, apps=3)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader", "Parcel Labels")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader", 3010)
    app(m, t + 6, "Parcel Labels", 1639, minutes=0.9)
    m.event("installer", t + 6.8, 1040, plain=["C:\\Windows\\IMECache\\ParcelLabels.msi", "5120", "(NULL)"])
    page_fails(m, t + 7.1, "DeviceSetup.Apps", 0x80070667)
    checks_in(m, t + 15, 2, 20)
    return m.as_zip(folder)

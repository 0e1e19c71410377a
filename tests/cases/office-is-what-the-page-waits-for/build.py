"""Win32 apps are done; Microsoft 365 Apps hang."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, ready, state


def build(folder: Path) -> Path:
    m = Machine(
        "office-is-what-the-page-waits-for",
        at(2026, 1, 29, 9, 5),
        name="WS-3615",
        serial="WS-3615-Q",
        zone="America/New_York",
    )
    lived(m, 85)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    office = m.id("office").upper()
    m.key(rf"software\microsoft\OfficeCSP\{office}", Status=50)
    for stamp in ("2026-01-29T09:11:20.100Z", "2026-01-29T09:40:02.700Z", "2026-01-29T10:10:31.000Z"):
        m.key(
            rf"{TRACKING}\ESPTrackingInfo\Diagnostics\ExpectedMSIAppPackages\{stamp}",
            **{f"./Vendor/MSFT/Office/Installation/{office}/install": 0},
        )
    page_fails(m, t + 60, "DeviceSetup.Apps", 0x800705B4, timeout=True)
    state(
        m,
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **GOOD,
        Apps=("inProgress", "Apps (2 of 3 installed)"),
    )
    return m.as_cab(folder)

"""Device setup waits for a branding app, whose own log ends in the middle."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, loads, looks, runs, tracked
from cases.outside_eight import runs_out
from cases.outside_noise import lived
from cases.outside_page import ready

LOG = """2025/04/24 10:50:02 AM Removing specified in-box provisioned apps
2025/04/24 10:50:41 AM   Removing Outlook for Windows key
2025/04/24 10:50:42 AM Installing Contoso.Browser
2025/04/24 10:51:37 AM Updating in-box apps
"""


def build(folder: Path) -> Path:
    m = Machine(
        "branding-stands-at-its-in-box-apps",
        at(2025, 4, 24, 14, 40),
        build="26100.3775",
        zone="America/New_York",
        name="WS-1112",
        serial="WS-1112-M",
    )
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Autopilot Branding")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, "Autopilot Branding")
    tracked(m, t + 3.1, "Autopilot Branding", 2)
    loads(m, t + 3.2, "Autopilot Branding", 4_100_000)
    runs(m, t + 4, "Autopilot Branding")
    runs_out(m, t + 60, "DeviceSetup.Apps", Apps=("inProgress", "Apps (1 of 2 installed)"))
    m.text("AutopilotBranding.log", LOG)
    lived(m, t + 75)
    return m.as_zip(folder)

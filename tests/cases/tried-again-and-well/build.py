"""The page fails, somebody presses Try again, the second run goes well."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "tried-again-and-well",
        utc(2026, 4, 14, 9, 10),
        name="FAB-2207",
        serial="FAB-2207-L",
        domain="fabrikam.example",
    )
    t = deployment.until_setup(d, apps=2)
    agent.app(d, t + 0.2, "Archive Tool")
    agent.begins(d, t + 3, "Field Forms")
    agent.ends(d, t + 4, "Field Forms", 1618)
    agent.tracked(d, t + 4, "Field Forms", done=False, code=0x80070652)
    status_page.page_fails(d, t + 4.1, "DeviceSetup.Apps", 0x80070652)
    d.event("shell", t + 9, 62406, Name="RetryButtonClicked")
    status_page.part_starts(d, t + 9.05, "DeviceSetup", "Apps")
    agent.app(d, t + 9.3, "Field Forms")
    status_page.device_done(d, t + 12, 2)
    status_page.account_setup(d, t + 13)
    status_page.account_done(d, t + 15)
    stages.desktop(d, t + 15.5)
    d.collected = t + 60
    return d.as_zip(folder)

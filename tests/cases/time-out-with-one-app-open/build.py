"""An hour passes with one app still installing."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "time-out-with-one-app-open",
        utc(2025, 12, 9, 14, 25),
        name="TR-6102",
        serial="TR-6102-Z",
        domain="treyresearch.example",
        zone="America/New_York",
    )
    t = deployment.until_setup(d, apps=3)
    agent.app(d, t + 0.2, "Archive Tool")
    agent.app(d, t + 4, "Contoso Reader")
    agent.begins(d, t + 8, "Design Suite", size=9_400_000_000)
    agent.tracked(d, t + 8, "Design Suite")
    agent.remembered(d, "Design Suite", None, 0, state=2)
    status_page.page_fails(d, t + 60, "DeviceSetup.Apps", 0x800705B4, timeout=True)
    d.category(
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **status_page.FINE,
        Apps=("inProgress", "Apps (2 of 3 installed)"),
    )
    d.collected = t + 66
    return d.as_collection(folder)

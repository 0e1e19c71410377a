"""Six apps fail alike for want of room on the disk."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device("six-apps-disk-full", utc(2026, 1, 19, 9, 20), name="CO-33410", serial="CO-33410-T")
    t = deployment.until_setup(d, apps=6)
    for n, name in enumerate(
        ("Map Viewer", "Field Forms", "Tax Tables", "Plan Store", "Draw Kit", "Photo Bank")
    ):
        agent.app(d, t + 0.2 + n * 3, name, 112, minutes=2)
    status_page.page_fails(d, t + 18, "DeviceSetup.Apps", 0x80070070)
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x80070070)"))
    d.collected = t + 25
    return d.as_collection(folder)

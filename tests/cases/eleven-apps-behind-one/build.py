"""One app fails, eleven others are never begun because of it."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "eleven-apps-behind-one",
        utc(2025, 10, 21, 7, 55),
        build="22631.4602",
        name="FAB-1180",
        serial="FAB-1180-D",
        domain="fabrikam.example",
        zone="Europe/Istanbul",
    )
    t = deployment.until_setup(d, apps=12)
    agent.app(d, t + 0.2, "Secure Tunnel", 1, minutes=1)
    for n in range(11):
        agent.remembered(d, f"Line App {n + 1:02}", None, 0, state=1)
    status_page.page_fails(d, t + 1.4, "DeviceSetup.Apps", 0x80070001)
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x80070001)"))
    d.collected = t + 9
    return d.as_zip(folder)

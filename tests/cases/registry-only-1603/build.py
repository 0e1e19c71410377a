"""No agent's log: the registry alone tells which app failed."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "registry-only-1603",
        utc(2025, 7, 1, 6, 40),
        build="22631.5472",
        name="WT-6605",
        serial="WT-6605-L",
        domain="wingtip.example",
    )
    t = deployment.until_setup(d, apps=2)
    agent.remembered(d, "Archive Tool", 0, 0)
    agent.remembered(d, "Ledger Client", 1603, 0x80070643)
    status_page.page_fails(d, t + 14, "DeviceSetup.Apps", 0x80070643)
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x80070643)"))
    d.collected = t + 25
    return d.as_cabinet(folder)

"""An app's installer ends with 1603 on a machine full of codes that say nothing."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, noise, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "app-1603-amid-noise",
        utc(2025, 11, 4, 12, 5),
        name="CO-60017",
        serial="CO-60017-M",
        zone="Europe/Paris",
    )
    noise.setup_packages(d, -25)
    noise.first_start(d, -20)
    noise.packages(d, -18, 10)
    t = deployment.until_setup(d, apps=2)
    agent.app(d, t + 0.2, "Archive Tool")
    agent.app(d, t + 3, "Ledger Client", 1603, minutes=4)
    status_page.page_fails(d, t + 7.2, "DeviceSetup.Apps", 0x80070643)
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x80070643)"))
    noise.store(d, t + 5, 404, 0x80073CF0, noise.STORE[1], caller="svchost.exe,AppXSvc")
    noise.store(d, t + 5.2, 401, 0x80073CF3, noise.STORE[0], caller="svchost.exe,AppReadiness")
    d.collected = t + 12
    noise.collector(d, t + 12, 200)
    return d.as_zip(folder)

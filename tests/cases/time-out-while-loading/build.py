"""0x81036502 while an app is still being loaded."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "time-out-while-loading",
        utc(2026, 1, 13, 9, 45),
        build="22631.6199",
        name="FAB-7441",
        serial="FAB-7441-M",
        domain="fabrikam.example",
        zone="Asia/Singapore",
    )
    t = deployment.until_setup(d, apps=2)
    agent.app(d, t + 0.2, "Archive Tool")
    size = 12_800_000_000
    item = agent.begins(d, t + 3, "Design Suite", size=size, until=0.08)
    for n in range(1, 12):
        d.line(
            "AppWorkload",
            t + 3 + n * 5,
            f"[StatusService] Downloading app (id = {item}, name Design Suite) via DO, "
            f"bytes {n * 400_000_000}/{size} for user {stages.DEVICE}",
        )
    agent.tracked(d, t + 3, "Design Suite")
    agent.remembered(d, "Design Suite", None, 0, state=2)
    status_page.page_fails(d, t + 60, "DeviceSetup.Apps", 0x81036502)
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (0x81036502)"))
    d.collected = t + 64
    return d.as_zip(folder)

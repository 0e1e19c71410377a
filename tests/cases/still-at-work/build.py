"""Collected in the middle: nothing has failed."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "still-at-work", utc(2026, 3, 3, 13, 0), build="26100.7462", name="CO-20551", serial="CO-20551-F"
    )
    t = deployment.until_setup(d, apps=3)
    agent.app(d, t + 0.2, "Archive Tool")
    size = 5_200_000_000
    item = agent.begins(d, t + 3, "Design Suite", size=size, until=0.08)
    for n in range(1, 11):
        d.line(
            "AppWorkload",
            t + 3 + n,
            f"[StatusService] Downloading app (id = {item}, name Design Suite) via DO, "
            f"bytes {n * 150_000_000}/{size} for user {stages.DEVICE}",
        )
    agent.tracked(d, t + 3, "Design Suite")
    agent.remembered(d, "Design Suite", None, 0, state=2)
    d.category(
        "DeviceSetup", "inProgress", **status_page.FINE, Apps=("inProgress", "Apps (1 of 3 installed)")
    )
    d.collected = t + 13.5
    return d.as_zip(folder)

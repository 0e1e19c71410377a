"""Sealed and used within the week."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import DAY, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "sealed-five-days", utc(2025, 6, 3, 8, 0), build="26100.4061", name="CO-19921", serial="CO-19921-E"
    )
    t = deployment.until_setup(d, mode="pre-provisioning", apps=1)
    agent.app(d, t + 0.2, "Archive Tool")
    status_page.sealed(d, t + 5)
    u = t + 5 + 5 * DAY
    stages.boot(d, u)
    stages.query(d, u + 1)
    status_page.part_starts(d, u + 4, "DeviceSetup", *status_page.PARTS)
    stages.session(d, u + 4.1)
    status_page.device_done(d, u + 6, 1)
    status_page.account_setup(d, u + 8)
    status_page.account_done(d, u + 11)
    stages.desktop(d, u + 12)
    d.category(
        "DeviceSetup",
        "succeeded",
        **status_page.FINE,
        Apps=("succeeded", "Apps (1 of 1 installed)"),
        SaveWhiteGloveSuccessResult=("succeeded", "Saved"),
    )
    d.collected = u + 60
    return d.as_collection(folder)

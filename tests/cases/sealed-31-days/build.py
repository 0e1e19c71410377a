"""Sealed in the depot, handed out a month later."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import DAY, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "sealed-31-days", utc(2025, 6, 2, 8, 0), build="26100.4061", name="CO-19920", serial="CO-19920-D"
    )
    t = deployment.until_setup(d, mode="pre-provisioning", apps=2)
    agent.app(d, t + 0.2, "Archive Tool")
    agent.app(d, t + 4, "Contoso Reader")
    d.category(
        "DeviceSetup",
        "succeeded",
        **status_page.FINE,
        Apps=("succeeded", "Apps (2 of 2 installed)"),
        SaveWhiteGloveSuccessResult=("succeeded", "Saved"),
    )
    status_page.sealed(d, t + 8)
    u = t + 8 + 31 * DAY
    stages.boot(d, u)
    stages.query(d, u + 1)
    status_page.part_starts(d, u + 4, "DeviceSetup", *status_page.PARTS)
    stages.session(d, u + 4.1)
    status_page.page_ends(d, u + 6)
    status_page.account_setup(d, u + 8)
    status_page.page_fails(d, u + 68, "AccountSetup.Apps", 0x800705B4, timeout=True)
    d.category(
        "AccountSetup",
        "failed",
        "Time limit exceeded",
        **status_page.FINE,
        Apps=("inProgress", "Apps (Identifying)"),
    )
    d.collected = u + 80
    return d.as_zip(folder)

"""An app fails in account setup, the page allows it, the user goes on."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "continued-anyway", utc(2026, 3, 16, 8, 30), name="CO-90114", serial="CO-90114-R", zone="Asia/Kolkata"
    )
    t = deployment.until_setup(d, apps=1)
    agent.app(d, t + 0.2, "Archive Tool")
    status_page.device_done(d, t + 4, 1)
    status_page.account_setup(d, t + 5)
    agent.app(d, t + 5.5, "Mail Signatures", 2, minutes=1.5, phase="AccountSetup")
    status_page.page_fails(d, t + 7.2, "AccountSetup.Apps", 0x80070002)
    d.category("AccountSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x80070002)"))
    d.key(
        rf"{stages.ENROLMENT_KEY}\{d.enrollment}\FirstSync",
        BlockInStatusPage=6,
        WasDeviceSuccessfullyProvisioned=0,
    )
    status_page.page_ends(d, t + 8.4)
    stages.desktop(d, t + 9)
    d.collected = t + 100
    return d.as_zip(folder)

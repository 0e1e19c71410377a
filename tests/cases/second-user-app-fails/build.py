"""A later user's own app fails on his status page."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, noise, stages, status_page
from cases.building import DAY, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "second-user-app-fails",
        utc(2025, 8, 11, 7, 5),
        build="22631.5624",
        name="TR-3050",
        serial="TR-3050-W",
        domain="treyresearch.example",
    )
    deployment.whole(d)
    noise.life(d, 1, 8)
    t = 8 * DAY + 30
    stages.boot(d, t - 4)
    status_page.account_setup(d, t, "sasha")
    d.user, first = "sasha", d.user
    agent.app(d, t + 1, "Plan Desk (user)", 1612, minutes=2, phase="AccountSetup")
    d.category("AccountSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x8007064c)"))
    d.key(
        rf"{stages.ENROLMENT_KEY}\{d.enrollment}\FirstSync\{d.sid('sasha')}",
        IsSyncDone=0,
        ServerHasFinishedProvisioning=1,
        WasDeviceSuccessfullyProvisioned=0,
    )
    d.user = first
    status_page.page_fails(d, t + 3.2, "AccountSetup.Apps", 0x8007064C)
    d.collected = t + 40
    return d.as_zip(folder)

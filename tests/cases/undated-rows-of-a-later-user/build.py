"""Undated rows below a later user's SID belong to his page."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import DAY, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "undated-rows-of-a-later-user",
        utc(2025, 9, 1, 6, 30),
        name="TR-8080",
        serial="TR-8080-O",
        domain="treyresearch.example",
    )
    deployment.whole(d)
    t = 12 * DAY
    stages.boot(d, t - 5)
    status_page.account_setup(d, t, "alex")
    d.user, first = "alex", d.user
    agent.remembered(d, "Plan Desk (user)", 1638, 0x80070666, phase="AccountSetup")
    d.category("AccountSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x80070666)"))
    d.key(
        rf"{stages.ENROLMENT_KEY}\{d.enrollment}\FirstSync\{d.sid('alex')}",
        IsSyncDone=0,
        ServerHasFinishedProvisioning=1,
        WasDeviceSuccessfullyProvisioned=0,
    )
    d.user = first
    status_page.page_fails(d, t + 9, "AccountSetup.Apps", 0x80070666)
    d.collected = t + 30
    return d.as_cabinet(folder)

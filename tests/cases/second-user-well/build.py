"""A later user's status page that goes well."""

from __future__ import annotations

from pathlib import Path

from cases import deployment, noise, stages, status_page
from cases.building import DAY, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "second-user-well",
        utc(2025, 8, 4, 6, 45),
        name="TR-3021",
        serial="TR-3021-P",
        domain="treyresearch.example",
    )
    deployment.whole(d)
    noise.life(d, 1, 14)
    t = 14 * DAY
    stages.boot(d, t - 3)
    status_page.account_setup(d, t, "robin")
    status_page.page_ends(d, t + 6)
    d.key(rf"{stages.TRACKING}\{d.sid('robin')}\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    d.key(
        rf"{stages.ENROLMENT_KEY}\{d.enrollment}\FirstSync\{d.sid('robin')}",
        IsSyncDone=1,
        ServerHasFinishedProvisioning=1,
        WasDeviceSuccessfullyProvisioned=1,
    )
    d.event("shell", t + 6.5, 62170, LogonType=3075, TaskName="AllLogonTasks")
    d.event("shell", t + 6.52, 62171, LogonType=3075, TaskName="AllLogonTasks")
    d.collected = t + 60
    return d.as_collection(folder)

"""The registry keeps remains of another management that never finished; the page does not wait for them."""

from __future__ import annotations

from pathlib import Path

from cases.outside import ENROLMENTS, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "remains-of-another-management-and-all-well",
        at(2026, 1, 20, 8, 0),
        build="26100.7462",
        zone="Europe/Copenhagen",
        name="WS-8316",
        serial="WS-8316-R",
    )
    old = rf"{ENROLMENTS}\{m.id('old enrolment').upper()}"
    m.key(
        old,
        EnrollmentState=0,
        EnrollmentType=6,
        ProviderID="Kestrel MDM",
        UPN="setup@oldname.example",
        AADTenantID=m.id("old tenant"),
        DiscoveryServiceFullURL="https://mdm.kestrel.example/EnrollmentServer/Discovery.svc",
    )
    m.key(
        rf"{old}\FirstSync",
        SkipDeviceStatusPage=0,
        SkipUserStatusPage=0,
        SyncFailureTimeout=60,
        ServerHasFinishedProvisioning=0,
        IsSyncDone=0,
        WasDeviceSuccessfullyProvisioned=2,
    )
    m.key(r"software\kestrel\agent", Version="4.1.0", State="Removed")
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 6)
    days(m, 1, 3)
    lived(m, 3 * 1440.0)
    return m.as_zip(folder)

"""All goes well; one of the user's apps does not apply, and the page's category is never closed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, ENROLMENTS, Machine, at
from cases.outside_agent import announced, app, kept, looks
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import GOOD, account_setup, desktop, device_done, ready, state
from cases.outside_stages import first_sync


def build(folder: Path) -> Path:
    m = Machine(
        "user-app-that-does-not-apply-and-an-open-category",
        at(2026, 6, 11, 7, 0),
        build="26200.8457",
        zone="Europe/Prague",
        name="WS-7027",
        serial="WS-7027-A",
    )
    lived(m, 2 * DAY + 120)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    device_done(m, t + 6)
    account_setup(m, t + 7)
    announced(m, t + 7.2, "Tablet Notes", phase="AccountSetup")
    looks(m, t + 7.4, "Tablet Notes", fits="NotApplicable")
    kept(
        m,
        "Tablet Notes",
        exit_code=None,
        code=0,
        state=3000,
        compliance=2,
        user=m.id(f"user {m.user}"),
        applies=1,
    )
    m.page(t + 8, "CommercialOOBE_ESPProgress_Page_Exiting", "BootstrapStatus: Exiting page normally.")
    m.event("shell", t + 8.001, 62405, Result="success")
    state(m, "AccountSetup", "inProgress", **GOOD, Apps=("inProgress", "Apps (0 of 1 installed)"))
    first_sync(m, 60, IsSyncDone=1, WasDeviceSuccessfullyProvisioned=1)
    m.key(
        rf"{ENROLMENTS}\{m.enrolment}\FirstSync\{m.sid()}",
        IsSyncDone=1,
        ServerHasFinishedProvisioning=1,
        WasDeviceSuccessfullyProvisioned=1,
    )
    desktop(m, t + 8.5)
    sign_out(m, t + 60)
    days(m, 1, 3)
    return m.as_zip(folder)

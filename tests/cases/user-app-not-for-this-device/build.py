"""All is well, yet the registry never says that account setup succeeded."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_agent import announced, app, looks, says
from cases.outside_noise import days, lived
from cases.outside_page import GOOD, account_setup, desktop, device_done, ready, state


def build(folder: Path) -> Path:
    m = Machine(
        "user-app-not-for-this-device", at(2026, 6, 15, 6, 30), build="26200.7171", zone="Europe/Prague"
    )
    t = ready(m, apps=1)
    announced(m, t + 0.1, "Archive Tool")
    app(m, t + 0.3, "Archive Tool")
    device_done(m, t + 4, 1)
    account_setup(m, t + 5)
    a = t + 5.5
    announced(m, a, "Expenses", "Arm Helper", phase="AccountSetup")
    app(m, a + 0.2, "Expenses", phase="AccountSetup")
    looks(m, a + 3, "Arm Helper", fits="NotApplicable")
    says(m, a + 3.1, "[Win32App][V3Processor] Done processing subgraph.")
    m.page(a + 4, "CommercialOOBE_ESPProgress_Page_Exiting", "BootstrapStatus: Exiting page normally.")
    m.event("shell", a + 4.001, 62405, Result="success")
    state(m, "AccountSetup", "inProgress", **GOOD, Apps=("inProgress", "Apps (1 of 2 installed)"))
    m.set(rf"{TRACKING}\{m.sid()}\Setup", "HasProvisioningCompleted", 0xFFFFFFFF)
    desktop(m, a + 4.5)
    days(m, 1, 5)
    lived(m, 5 * 1440.0)
    return m.as_zip(folder)

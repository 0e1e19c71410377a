"""An Autopilot Reset: the page shows no apps, they come afterwards."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AUTOPILOT, DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import after_the_page
from cases.outside_noise import days, lived
from cases.outside_page import (
    GOOD,
    account_done,
    account_setup,
    agent_comes,
    desktop,
    device_setup,
    finish,
    ready,
    state,
)
from cases.outside_stages import boot, halt, profile, sync


def build(folder: Path) -> Path:
    m = Machine(
        "page-without-apps-after-an-autopilot-reset",
        at(2026, 3, 2, 7, 30),
        build="22631.5039",
        name="WS-6040",
        serial="WS-6040-T",
    )
    t = ready(m)
    announced(m, t + 0.2, "Archive Tool", "Contoso Reader")
    app(m, t + 0.4, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 7)
    days(m, 1, 5)
    r = 6 * DAY
    boot(m, r - 30)
    sync(m, r - 20)
    halt(m, r - 10, "restart", r"C:\Windows\System32\systemreset.exe")
    boot(m, r)
    m.set(rf"{AUTOPILOT}\EstablishedCorrelations", "StartReset", f"{m.clock(r - 11):%Y-%m-%dT%H:%M:%SZ}")
    profile(m, r + 1)
    agent_comes(m, r + 4, 0)
    device_setup(m, r + 6)
    m.page(r + 8, "CommercialOOBE_ESPProgress_Page_Exiting", "BootstrapStatus: Exiting page normally.")
    state(m, "DeviceSetup", "succeeded", **GOOD, Apps=("succeeded", "Apps (No setup needed)"))
    account_setup(m, r + 10, "kit")
    account_done(m, r + 12, "kit")
    desktop(m, r + 12.5)
    after_the_page(m, r + 21, "Archive Tool")
    after_the_page(m, r + 25, "Contoso Reader")
    days(m, 7, 11)
    lived(m, 11 * DAY)
    return m.as_zip(folder)

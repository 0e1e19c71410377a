"""Pre-provisioning fails, is tried again and sealed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, part, ready, state
from cases.outside_stages import halt, screen, sync


def build(folder: Path) -> Path:
    m = Machine("red-page-then-sealed", at(2026, 3, 12, 12, 0), name="WS-3307", serial="WS-3307-G")
    lived(m, 90)
    t = ready(m, "seal")
    announced(m, t + 0.3, "Archive Tool", "Plant Viewer")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Plant Viewer", 1618, keys=False)
    page_fails(m, t + 5.2, "DeviceSetup.Apps", 0x80070652)
    m.page(
        t + 5.3,
        "CommercialOOBE_ESPProgress_WhiteGlove_Failed",
        "BootstrapStatus: Failure page shown.",
        0x80070652,
    )
    t = 40
    screen(m, t - 0.5, "RetryButtonClicked")
    part(m, t, "DeviceSetup")
    sync(m, t + 0.1)
    announced(m, t + 0.3, "Archive Tool", "Plant Viewer")
    app(m, t + 1, "Plant Viewer")
    m.page(t + 5, "CommercialOOBE_ESPProgress_WhiteGlove_Success", "BootstrapStatus: Success page shown.")
    m.event("shell", t + 5.001, 62405, Result="success")
    m.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    state(m, "DeviceSetup", "succeeded", **GOOD, Apps=("succeeded", "Apps (2 of 2 installed)"))
    halt(m, t + 7, "power off", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    return m.as_zip(folder)

"""A policy of user rights lets administrators alone sign in; after the restart nobody can."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_text
from cases.outside_nine import logon_denied
from cases.outside_noise import lived
from cases.outside_page import device_done, ready
from cases.outside_stages import boot, halt, sync

SETUP = r"C:\Windows\System32\CloudExperienceHostBroker.exe"


def build(folder: Path) -> Path:
    m = Machine(
        "nobody-but-administrators-may-sign-in",
        at(2024, 10, 15, 7, 30),
        build="22631.4317",
        zone="Europe/Brussels",
        name="WS-7025",
        serial="WS-7025-L",
    )
    lived(m, 100)
    t = ready(m)
    policy_text(m, t + 0.2, "UserRights", "AllowLocalLogOn", "*S-1-5-32-544")
    m.event(
        "dm",
        t + 0.3,
        2800,
        Message1="./Device/Vendor/MSFT/Policy/Config/DeviceGuard/EnableVirtualizationBasedSecurity",
    )
    announced(m, t + 0.4, "Archive Tool", "Contoso Reader")
    app(m, t + 0.6, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    device_done(m, t + 6)
    halt(m, t + 6.1, "restart", SETUP)
    boot(m, t + 7)
    for n in range(5):
        logon_denied(m, t + 8 + n * 2, m.upn)
    for n in range(3):
        sync(m, t + 20 + n * 20)
    return m.as_folder(folder)

"""All goes well, but the person signs in twice: an update ring restarts Windows behind device setup."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_number
from cases.outside_noise import lived
from cases.outside_page import account_done, account_setup, desktop, device_done, ready
from cases.outside_stages import boot, halt

NODE = "./Device/Vendor/MSFT/Policy/Config/Update/ManagePreviewBuilds"


def build(folder: Path) -> Path:
    m = Machine(
        "second-sign-in-for-an-update-ring",
        at(2025, 10, 21, 12, 0),
        build="26100.6899",
        zone="America/Chicago",
        name="WS-7106",
        serial="WS-7106-R",
    )
    lived(m, 60)
    t = ready(m)
    policy_number(m, t + 0.2, "Update", "ManagePreviewBuilds", 1)
    m.event("dm", t + 0.21, 2800, Message1=NODE)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    device_done(m, t + 6)
    halt(m, t + 6.1, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, t + 7)
    account_setup(m, t + 9)
    account_done(m, t + 12)
    desktop(m, t + 12.5)
    return m.as_zip(folder)

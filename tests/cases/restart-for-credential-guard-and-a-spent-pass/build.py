"""A policy restarts Windows behind device setup; the person came in with a pass that is good for one sign-in."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_number
from cases.outside_noise import lived
from cases.outside_page import device_done, ready
from cases.outside_stages import boot, halt, sync

NODE = "./Device/Vendor/MSFT/Policy/Config/DeviceGuard/LsaCfgFlags"
SAYS = "AADSTS50126: Error validating credentials due to invalid username or password."


def build(folder: Path) -> Path:
    m = Machine(
        "restart-for-credential-guard-and-a-spent-pass",
        at(2026, 3, 10, 8, 20),
        build="22631.6783",
        zone="Europe/London",
        name="WS-7011",
        serial="WS-7011-G",
    )
    lived(m, 95)
    t = ready(m)
    policy_number(m, t + 0.2, "DeviceGuard", "LsaCfgFlags", 1)
    m.event("dm", t + 0.21, 2800, Message1=NODE)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    device_done(m, t + 6)
    halt(m, t + 6.1, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, t + 7)
    for n in range(4):
        m.event(
            "aad",
            t + 9 + n * 3,
            1081,
            2,
            Error="invalid_grant",
            ErrorDescription=SAYS,
            CorrelationID=m.id(f"{n}"),
        )
        m.event("aad", t + 9.01 + n * 3, 1088, 2, Error="invalid_grant", ErrorDescription=SAYS)
    for n in range(3):
        sync(m, t + 14 + n * 20)
    return m.as_zip(folder)

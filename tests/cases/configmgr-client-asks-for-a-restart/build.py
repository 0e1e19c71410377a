"""Co-management: the ConfigMgr client as a Win32 app ends with 7, which asks for a restart."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_mail import numbered
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "configmgr-client-asks-for-a-restart",
        at(2023, 5, 30, 11, 0),
        build="22621.1702",
        zone="Europe/Zurich",
        name="WS-3077",
        serial="WS-3077-C",
    )
    lived(m, 60)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "ConfigMgr Client")
    app(m, t + 0.5, "Archive Tool")
    m.event(
        "installer",
        t + 9.8,
        1033,
        plain=["Configuration Manager Client", "5.00.9106.1000", "1033", "0", "Microsoft Corporation"],
    )
    app(m, t + 3, "ConfigMgr Client", 7, minutes=7)
    page_fails(m, t + 10.5, "DeviceSetup.Apps", 0x80070007)
    return numbered(m, folder)

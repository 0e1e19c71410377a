"""A platform script fails, which no page waits for; a minute later an app's source is missing, and the page fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AGENT, DEVICE, Machine, at
from cases.outside_agent import announced, app, script
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

SAYS = "Set-TimeZone : A required privilege is not held by the client. Access is denied."


def build(folder: Path) -> Path:
    m = Machine(
        "script-fails-beside-the-app-that-stops-the-page",
        at(2026, 7, 14, 8, 0),
        build="26100.4652",
        zone="Europe/Athens",
        name="WS-8310",
        serial="WS-8310-K",
    )
    lived(m, 40)
    t = ready(m)
    script(m, t + 0.2, "Set time zone", 1, error=SAYS)
    m.key(
        rf"{AGENT}\Policies\{DEVICE}\{m.id('Set time zone')}",
        Result="Failed",
        ErrorCode=1,
        ResultDetails=SAYS,
    )
    announced(m, t + 0.6, "Archive Tool", "Badge Printing")
    app(m, t + 0.8, "Archive Tool")
    app(m, t + 3.3, "Badge Printing", 1612)
    page_fails(m, t + 5.6, "DeviceSetup.Apps", 0x8007064C)
    return m.as_zip(folder)

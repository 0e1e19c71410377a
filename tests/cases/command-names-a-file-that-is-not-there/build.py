"""Device setup: the install command of an app names a file that its package does not hold."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eleven import never_started
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

CODE = 0x80070002


def build(folder: Path) -> Path:
    m = Machine(
        "command-names-a-file-that-is-not-there",
        at(2026, 3, 3, 7, 20),
        build="26100.7840",
        zone="Europe/Oslo",
        name="WS-1502",
        serial="WS-1502-C",
    )
    lived(m, 40)
    t = ready(m, apps=3)
    announced(m, t + 0.3, "Archive Tool", "Survey Kit", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    never_started(m, t + 3, "Survey Kit", 2, CODE)
    page_fails(m, t + 4.4, "DeviceSetup.Apps", CODE)
    return m.as_collection(folder)

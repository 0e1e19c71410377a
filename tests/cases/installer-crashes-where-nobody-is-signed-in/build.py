"""An installer made for a person's profile is run as the system and crashes."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_nine import crashed
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

VIOLATION = 0xC0000005


def build(folder: Path) -> Path:
    m = Machine(
        "installer-crashes-where-nobody-is-signed-in",
        at(2025, 11, 18, 9, 5),
        build="22631.5909",
        zone="Europe/Berlin",
        name="WS-7012",
        serial="WS-7012-S",
    )
    lived(m, 40)
    t = ready(m, apps=2)
    announced(m, t + 0.3, "Archive Tool", "Shift Notes")
    app(m, t + 0.5, "Archive Tool")
    crashed(m, t + 4.2, "ShiftNotesSetup.exe", "ntdll.dll", "c0000005")
    app(m, t + 3, "Shift Notes", VIOLATION - (1 << 32), code=VIOLATION, minutes=1.3)
    page_fails(m, t + 4.8, "DeviceSetup.Apps", VIOLATION)
    return m.as_zip(folder)

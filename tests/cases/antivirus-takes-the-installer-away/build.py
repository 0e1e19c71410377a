"""Defender puts an app's installer into quarantine the moment it is unpacked."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eleven import never_started, threat
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

NAME = "Plant Controls"


def build(folder: Path) -> Path:
    m = Machine(
        "antivirus-takes-the-installer-away",
        at(2026, 5, 5, 15, 40),
        build="26100.8457",
        zone="Asia/Kolkata",
        name="WS-1115",
        serial="WS-1115-Q",
    )
    lived(m, 30)
    t = ready(m)
    announced(m, t + 0.2, "Archive Tool", NAME, "Contoso Reader")
    app(m, t + 0.4, "Archive Tool")
    staged = rf"C:\Windows\IMECache\{m.id(NAME)}_1\PlantSetup.exe"
    threat(m, t + 3.9, 1116, "Trojan:Win32/Wacatac.B!ml", staged)
    never_started(m, t + 3, NAME, 225, 0x800700E1)
    threat(m, t + 4.3, 1117, "Trojan:Win32/Wacatac.B!ml", staged)
    page_fails(m, t + 4.6, "DeviceSetup.Apps", 0x800700E1)
    return m.as_folder(folder)

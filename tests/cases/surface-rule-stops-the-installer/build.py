"""An attack surface reduction rule blocks a rare executable inside an installer."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready
from cases.outside_seven import surface_rule

NAME, RULE = "Scale Driver", "01443614-cd74-433a-b99e-2ecdc07bfc25"


def build(folder: Path) -> Path:
    m = Machine(
        "surface-rule-stops-the-installer",
        at(2026, 2, 17, 15, 40),
        zone="America/Chicago",
        build="26100.7462",
        name="WS-1377",
        serial="WS-1377-F",
    )
    lived(m, 28)
    t = ready(m)
    announced(m, t + 0.2, "Archive Tool", NAME, "Contoso Reader")
    app(m, t + 0.4, "Archive Tool")
    staged = rf"C:\Windows\IMECache\{m.id(NAME)}_1"
    surface_rule(m, t + 4.95, 1121, RULE, path=rf"{staged}\drvsetup64.exe", process=rf"{staged}\setup.exe")
    app(m, t + 3, NAME, 5)
    page_fails(m, t + 5.6, "DeviceSetup.Apps", 0x80070005)
    return m.as_folder(folder)

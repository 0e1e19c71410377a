"""The agent's logs alone: a hardening policy lets only signed scripts run, and four scripts are not."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DEVICE, Machine, at
from cases.outside_agent import announced, app, script

FOLDER = r"C:\Program Files (x86)\Microsoft Intune Management Extension\Policies\Scripts"
NAMES = ("Block office macros", "Harden registry", "Remove old links", "Set corporate printers")


def build(folder: Path) -> Path:
    m = Machine(
        "only-signed-scripts-may-run",
        at(2025, 11, 20, 23, 0),
        zone="Australia/Canberra",
        name="WS-1508",
        serial="WS-1508-H",
    )
    for n, words in enumerate(
        ("EMS Agent Started", "Agent version is: 1.102.105.0", "[APv2] Device is in APv2 mode: False.")
    ):
        m.line("IntuneManagementExtension", n * 0.001, words)
    for n, name in enumerate(NAMES):
        path = rf"{FOLDER}\{DEVICE}_{m.id(name)}.ps1"
        said = (
            f"File {path} cannot be loaded. The file {path} is not digitally signed. You cannot run this script "
            "on the current system."
        )
        script(m, 1 + n, name, 1, error=said)
    announced(m, 6, "Archive Tool", "Contoso Reader")
    app(m, 6.5, "Archive Tool")
    app(m, 9, "Contoso Reader")
    m.drop("autopilot")
    return m.as_folder(folder)

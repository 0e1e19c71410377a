"""A time-out about which the export holds nothing."""

from __future__ import annotations

from pathlib import Path

from cases import deployment, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "nothing-explains-it",
        utc(2025, 3, 11, 10, 0),
        build="22631.5039",
        name="ADT-4107",
        serial="ADT-4107-C",
        domain="adatum.example",
    )
    t = deployment.until_setup(d, apps=0)
    for n in range(5):
        stages.session(d, t + 5 + n * 12)
    status_page.page_fails(d, t + 60, "DeviceSetup.Apps", 0x800705B4, timeout=True)
    d.registry.clear()
    d.texts.clear()
    d.lines.clear()
    d.collected = t + 70
    return d.as_folder(folder)

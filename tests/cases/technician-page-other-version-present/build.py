"""Pre-provisioning stops at the technician's page: another version of a product is on the image."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "technician-page-other-version-present",
        at(2026, 4, 14, 9, 20),
        build="22631.5039",
        name="WS-2290",
        serial="WS-2290-T",
    )
    lived(m, 60, step=0)
    t = ready(m, "seal", apps=3)
    announced(m, t + 0.3, "Archive Tool", "Label Printer Suite", "Plant Viewer")
    app(m, t + 0.5, "Archive Tool")
    m.event(
        "installer",
        t + 4.4,
        11708,
        plain=[
            "Product: Label Printer Suite -- Installation failed.",
            "(NULL)",
            "(NULL)",
            "(NULL)",
            "(NULL)",
            "",
        ],
    )
    app(m, t + 3, "Label Printer Suite", 1638)
    page_fails(m, t + 5.2, "DeviceSetup.Apps", 0x80070666)
    m.page(
        t + 5.3,
        "CommercialOOBE_ESPProgress_WhiteGlove_Failed",
        "BootstrapStatus: Failure page shown.",
        0x80070666,
    )
    return m.as_folder(folder)

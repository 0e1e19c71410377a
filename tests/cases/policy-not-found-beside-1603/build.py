"""A policy's 0x80070490 on an AMD machine stands beside an installer's 1603."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_hardware import chip
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine("policy-not-found-beside-1603", at(2026, 3, 17, 7, 40), name="WS-1180", serial="WS-1180-K")
    lived(m, 40)
    chip(m, "AMD", "AMD", "3.94.0.5")
    t = ready(m, apps=2)
    uri = "./Device/Vendor/MSFT/Policy/Config/Kerberos/UPNNameHints"
    for n in range(6):
        m.event(
            "dm",
            t + 0.2 + n * 0.3,
            404,
            2,
            Message1=m.enrolment,
            Message2="MDMDeviceWithAAD",
            Message3="Policy",
            InternalCmdType=4,
            Message5=uri,
            HexInt1=Code(0x80070490),
        )
    announced(m, t + 0.3, "Archive Tool", "Badge Printing")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Badge Printing", 1603)
    page_fails(m, t + 5.2, "DeviceSetup.Apps", 0x80070643)
    return m.as_zip(folder)

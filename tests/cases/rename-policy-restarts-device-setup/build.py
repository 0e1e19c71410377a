"""A policy on the computer's name restarts Windows in device setup, and OOBE meets the enrolment of its own."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_eighteen import hum
from cases.outside_noise import lived
from cases.outside_page import part, ready
from cases.outside_stages import ask_enrol, boot, halt, screen


def build(folder: Path) -> Path:
    m = Machine(
        "rename-policy-restarts-device-setup",
        at(2022, 3, 14, 8, 5),
        build="19044.1586",
        zone="Europe/Lisbon",
        name="OS-5CG1394T8K",
        serial="5CG1394T8K",
        named=9.5,
    )
    lived(m, 25)
    t = ready(m)
    hum(m, t + 0.1)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool", minutes=1.2)
    m.event("dm", t + 2.0, 2800, Message1="./Device/Vendor/MSFT/Accounts/Domain/ComputerName")
    halt(m, t + 2.6, "restart", r"C:\Windows\system32\omadmclient.exe")
    boot(m, t + 3.6)
    m.event("eventlog", t + 3.62, 6011, plain=["DESKTOP-QH7T2RD", "OS-5CG1394T8K"])
    part(m, t + 4.2, "DevicePreparation", "PolicyProviders")
    screen(m, t + 5, "CDJUIShowPage", "idSignInPage")
    ask_enrol(m, t + 6.5)
    m.event("enrol", t + 6.8, 11, 2, HRESULT=Code(0x8018000A))
    m.event("enrol", t + 6.81, 71, 2, HRESULT=Code(0x8018000A))
    screen(m, t + 7, "CDJUIError", "8018000a")
    screen(m, t + 7.01, "CDJUIShowPage", "idErrorPage")
    return m.as_collection(folder)

"""Self-deploying: the chip's certificate is fetched at the second try, the hardware is secured; an app fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_agent import announced, app
from cases.outside_hardware import attest, chip
from cases.outside_noise import lived
from cases.outside_page import agent_comes, device_setup, page_fails
from cases.outside_stages import boot, enrol, join, profile


def build(folder: Path) -> Path:
    m = Machine(
        "chips-certificate-late-and-an-app-that-fails",
        at(2026, 9, 8, 7, 0),
        build="26100.6584",
        zone="Europe/Vienna",
        name="WS-8301",
        serial="WS-8301-A",
    )
    lived(m, 40)
    chip(m, "INTC", "Intel", "600.18.49.0")
    boot(m, -4)
    profile(m, 0, "self")
    _secured(m, 0.6)
    agent_comes(m, 5)
    device_setup(m, 7)
    announced(m, 7.3, "Archive Tool", "Shift Board")
    app(m, 7.5, "Archive Tool")
    app(m, 10, "Shift Board", 1603)
    page_fails(m, 12.4, "DeviceSetup.Apps", 0x80070643)
    return m.as_zip(folder)


def _secured(m: Machine, t: float) -> None:
    attest(m, t)
    m.event("autopilot", t + 0.12, 209, 3)
    m.event("autopilot", t + 0.13, 210, 3)
    m.event(
        "autopilot",
        t + 0.3,
        192,
        3,
        HRESULT=Code(0x80190194),
        WaitMs=Signed(30000),
        AttemptNumber=Signed(1),
        MaxAttempts=Signed(5),
    )
    m.event("autopilot", t + 0.85, 208)
    m.event("autopilot", t + 1.1, 205)
    m.event("autopilot", t + 1.11, 251, HRESULT=Code(0), UInt1=60000000, UInt2=600000)
    m.event("autopilot", t + 1.12, 169)
    m.event("autopilot", t + 1.13, 181, State=1, HRESULT=Code(0))
    m.event("autopilot", t + 1.2, 179, State=3)
    join(m, t + 1.3, token=False)
    m.event("autopilot", t + 1.7, 181, State=3, HRESULT=Code(0))
    m.event("autopilot", t + 1.8, 179, State=6)
    enrol(m, t + 1.9)
    m.event("autopilot", t + 2.5, 181, State=6, HRESULT=Code(0))
    m.event("autopilot", t + 2.51, 303, State=7)

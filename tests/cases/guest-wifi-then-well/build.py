"""Half an hour without a network, then a Wi-Fi is chosen and all goes well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import agent_comes, device_setup, finish
from cases.outside_stages import boot, enrol, join, profile


def build(folder: Path) -> Path:
    m = Machine("guest-wifi-then-well", at(2026, 2, 10, 7, 40), build="22631.4602", zone="Europe/Warsaw")
    boot(m, -40)
    m.event("autopilot", -39, 165, 3)
    for n in range(12):
        m.event("autopilot", -38 + n * 3, 167)
    m.event("autopilot", -0.2, 166)
    m.event("autopilot", -0.19, 164)
    zero = "https://ztd.dds.microsoft.com"
    m.event("autopilot", -0.18, 710, 2, HRESULT=Code(0x800704CF), Message1=zero)
    m.event(
        "autopilot",
        -0.17,
        706,
        3,
        HRESULT=Code(0x800704CF),
        Message1="DdsZtdPolicyManager",
        Message2="q1W2e3R4t5Y6u7I8.1.0",
    )
    profile(m, 0)
    join(m, 2.2)
    enrol(m, 3)
    agent_comes(m, 4, 2)
    device_setup(m, 6)
    announced(m, 6.1, "Board Reader", "Floor Plan")
    app(m, 6.3, "Board Reader")
    app(m, 9, "Floor Plan")
    end = finish(m, 13)
    sign_out(m, end + 2)
    days(m, 1, 6)
    lived(m, 6 * 1440.0)
    return m.as_cab(folder)

"""A domain PC whose group policy enrols with the device's credential; the service says that it does not take it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_noise import days
from cases.outside_stages import ask_enrol, boot

SAYS = "Device based token is not supported for enrollment type OnPremiseGroupPolicyCoManaged."


def build(folder: Path) -> Path:
    m = Machine(
        "enrolment-by-a-device-token-that-is-not-taken",
        at(2019, 11, 26, 7, 0),
        build="18363.476",
        name="WS-7101.corp.contoso.com",
        fresh="WS-7101.corp.contoso.com",
        serial="WS-7101-D",
    )
    boot(m, -5)
    m.event("join", -2, 4096)
    m.event("join", -1.9, 306)
    for n in range(6):
        t = n * 300.0
        ask_enrol(m, t)
        m.event("enrol", t + 0.3, 11, 2, HRESULT=Code(0x80180001))
        m.event("enrol", t + 0.301, 52, 2, Message1="MessageFormat", Message2=SAYS)
        m.event("enrol", t + 0.303, 71, 2, HRESULT=Code(0x80180001))
        m.event("dm", t + 0.31, 76, 2, HexInt1=Code(1), HRESULT=Code(0x80180001))
    m.key(r"software\policies\microsoft\windows\currentversion\mdm", AutoEnrollMDM=1, UseAADCredentialType=2)
    days(m, 2, 3, managed=False)
    m.collected = 3 * DAY
    return m.as_zip(folder)

"""The device was disabled between seal and user."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_eighteen import aad, hum, two_good
from cases.outside_noise import lived
from cases.outside_page import device_done, ready
from cases.outside_stages import boot, halt, join, leave, query


def build(folder: Path) -> Path:
    m = Machine(
        "disabled-while-on-the-shelf",
        at(2025, 8, 4, 9, 0),
        build="26100.4652",
        zone="Europe/Stockholm",
        name="WS-7036",
        serial="WS-7036-Q",
        user="sam",
    )
    shelf = 23 * DAY
    lived(m, shelf + 40)
    t = ready(m, "seal")
    hum(m, t + 0.1)
    two_good(m, t)
    device_done(m, t + 6)
    m.page(t + 6.1, "CommercialOOBE_ESPProgress_WhiteGlove_Success", "BootstrapStatus: Success page shown.")
    leave(m, t + 7)
    halt(m, t + 8, "power off", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, shelf)
    query(m, shelf + 1)
    m.event("autopilot", shelf + 1.1, 163)
    m.event("autopilot", shelf + 1.2, 153, InitialState=0, UpdateState=3)
    join(m, shelf + 4)
    w = "AADSTS135011: The device used during the authentication is disabled."
    for n in range(4):
        u = shelf + 6 + n * 4
        m.event(
            "aad",
            u,
            1081,
            2,
            Error="invalid_grant",
            ErrorDescription=f"{w} Trace ID: {m.id(f't{n}')} Correlation ID: {m.id(f'c{n}')} Timestamp: {m.clock(u):%Y-%m-%d %H:%M:%SZ}",
            CorrelationID=m.id(f"c{n}"),
        )
        aad(
            m,
            u + 0.01,
            0xCAA20003,
            "Authorization grant failed for this assertion.",
            f"Code: invalid_grant\nDescription: {w}\nTokenEndpoint: https://login.microsoftonline.com/{m.id(f'tenant {m.domain}')}/oauth2/token",
        )
    return m.as_zip(folder)

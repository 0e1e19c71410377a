"""The TPM's key provider fails inside."""

from __future__ import annotations

from pathlib import Path

import cases.outside_eighteen  # noqa: F401
from cases.outside import Machine, Signed, at
from cases.outside_noise import lived
from cases.outside_stages import boot, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "chips-key-provider-fails-inside",
        at(2024, 10, 8, 9, 15),
        build="22631.4249",
        zone="America/Chicago",
        name="DESKTOP-QH7T2RD",
        serial="WS-6601-G",
    )
    lived(m, 30)
    boot(m, -4)
    profile(m, 0)
    for n in range(3):
        u = 2.2 + n * 5
        c = m.id(f"tok{n}")
        m.event(
            "join",
            u,
            323,
            AccountProvider="https://login.windows.net",
            Scope="",
            Client="",
            Authority="organizations",
            Resource="https://enrollment.manage.microsoft.com/",
            CorrelationId=c,
        )
        m.event("join", u + 0.05, 325, CorrelationId=c)
        m.event("join", u + 0.1, 100)
        m.event("join", u + 0.12, 101, ServerMessage="")
        if not n:
            m.event("tpmdriver", u + 0.2, 15, 2, locationCode="0x10000069", Data="")
        m.event(
            "join",
            u + 0.4,
            202,
            2,
            ExitCode=Signed(0x80290407 - (1 << 32)),
            JoinRequestType=Signed(1),
            JoinRequestTypeSymbolicName="DEVICE",
            Domain=m.domain,
        )
        screen(m, u + 0.6, "CDJUIError", "80290407")
        screen(m, u + 0.61, "CDJUIShowPage", "idErrorPage")
    return m.as_viewer(folder)

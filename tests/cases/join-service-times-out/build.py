"""The sign-in is fine; the registration service of the join never answers."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, Signed, at
from cases.outside_noise import lived
from cases.outside_stages import boot, profile, screen

LATE = 0x80072EE2 - (1 << 32)


def build(folder: Path) -> Path:
    m = Machine(
        "join-service-times-out",
        at(2025, 10, 28, 10, 0),
        build="22631.6060",
        zone="Europe/London",
        name="WS-9035",
        serial="WS-9035-A",
    )
    boot(m, -5)
    profile(m, 0)
    for n in range(3):
        t = 3 + n * 5
        token = m.id(f"token {n}")
        m.event(
            "join",
            t,
            323,
            AccountProvider="https://login.windows.net",
            Scope="",
            Client="",
            Authority="organizations",
            Resource="https://enrollment.manage.microsoft.com/",
            CorrelationId=token,
        )
        m.event("join", t + 0.05, 325, CorrelationId=token)
        m.event("join", t + 0.1, 100)
        m.event("join", t + 2.1, 201, 2, ExitCode=Signed(LATE), HttpStatus=0, ServerMessage="")
        screen(m, t + 2.2, "CDJUIError", "80072ee2")
        screen(m, t + 2.21, "CDJUIShowPage", "idErrorPage")
        if n < 2:
            screen(m, t + 4, "CDJUIClickOnErrorTryAgain", "true")
    lived(m, 30)
    return m.as_cab(folder)

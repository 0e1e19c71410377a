"""A French machine: a proxy answers the discovery of the join with a web page."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, Signed, at
from cases.outside_noise import lived
from cases.outside_stages import boot, profile

PAGE = (
    "<!DOCTYPE html><html lang='fr'><head><title>Acc\u00e8s refus\u00e9</title></head><body><h1>Acc\u00e8s "
    "refus\u00e9</h1><p>La cat\u00e9gorie de ce site n'est pas autoris\u00e9e par votre administrateur.</p></body></html>"
)
BAD = 0x8007000D - (1 << 32)


def build(folder: Path) -> Path:
    m = Machine(
        "portail-au-lieu-de-la-reponse", at(2026, 1, 20, 8, 30), zone="Europe/Paris", build="22631.4751"
    )
    boot(m, -5)
    profile(m, 0)
    for n in range(3):
        t = 3 + n * 2
        m.event(
            "join",
            t,
            323,
            AccountProvider="https://login.windows.net",
            Scope="",
            Client="",
            Authority="organizations",
            Resource="https://enrollment.manage.microsoft.com/",
            CorrelationId=m.id(f"token {n}"),
        )
        m.event("join", t + 0.05, 325, CorrelationId=m.id(f"token {n}"))
        m.event("join", t + 0.1, 100)
        m.event("join", t + 0.3, 201, 2, ExitCode=Signed(BAD), HttpStatus=200, ServerMessage=PAGE)
    lived(m, 25)
    return m.as_cab(folder)

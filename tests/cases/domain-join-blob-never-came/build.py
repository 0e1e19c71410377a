"""Hybrid join: enrolled, then half an hour of waiting for a blob that never comes."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, enrol, profile, screen, sync


def build(folder: Path) -> Path:
    m = Machine(
        "domain-join-blob-never-came",
        at(2026, 2, 12, 9, 45),
        build="26100.7171",
        zone="Europe/Amsterdam",
        named=1e9,
    )
    boot(m, -5)
    profile(m, 0, "hybrid")
    m.event("autopilot", 0.4, 116)
    m.event(
        "join",
        2,
        323,
        AccountProvider="https://login.windows.net",
        Scope="",
        Client="",
        Authority="organizations",
        Resource="https://enrollment.manage.microsoft.com/",
        CorrelationId=m.id("token"),
    )
    m.event("join", 2.05, 325, CorrelationId=m.id("token"))
    enrol(m, 2.5)
    m.event("dm", 3.4, 111, Boolean1=True)
    for n in range(6):
        m.event("dm", 3.5 + n * 5, 109, HexInt1=Code(1))
        sync(m, 4 + n * 5)
    m.event("dm", 33.5, 110, HexInt1=Code(3))
    m.event("shell", 33.4, 62404, CXID="OobeDomainJoin")
    screen(m, 33.6, "CDJUIError", "80070774")
    screen(m, 33.61, "CDJUIShowPage", "idErrorPage")
    lived(m, 50)
    return m.as_cab(folder)

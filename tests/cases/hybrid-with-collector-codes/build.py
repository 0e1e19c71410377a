"""A hybrid join that went well on a build before the time-out fix, and the collector's own 0x80004005."""

from __future__ import annotations

from pathlib import Path

from cases import agent, noise, stages, status_page
from cases.building import Device, Hex32, utc


def build(folder: Path) -> Path:
    d = Device(
        "hybrid-with-collector-codes",
        utc(2025, 7, 15, 6, 30),
        build="22631.3880",
        domain="fabrikam.example",
        name="FAB-0311",
        serial="FAB-0311-S",
    )
    stages.boot(d, -1)
    stages.profile(d, 0, "hybrid")
    stages.enrol(d, 3)
    d.event("autopilot", 4, 116)
    d.event("admin", 4.1, 111, Boolean1=True)
    d.event("admin", 4.8, 107, HRESULT=Hex32(0))
    stages.shutdown(d, 5)
    stages.boot(d, 6)
    status_page.preparation(d, 7)
    status_page.device_setup(d, 9)
    agent.app(d, 9.2, "Archive Tool")
    agent.app(d, 13, "Contoso Reader")
    status_page.device_done(d, 18)
    d.event("join", 19, 4096)
    d.event("join", 24, 306)
    status_page.account_setup(d, 26)
    status_page.account_done(d, 29)
    stages.desktop(d, 30)
    d.collected = 45
    noise.collector(d, 45, 400)
    return d.as_zip(folder)

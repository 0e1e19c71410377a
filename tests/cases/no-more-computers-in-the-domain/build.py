"""Hybrid: the connector's account has used up its number of computers in the domain."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at, compact
from cases.outside_fifteen import quota
from cases.outside_noise import lived
from cases.outside_stages import boot, enrol, profile, screen

WORDS = (
    "Your computer could not be joined to the domain. You have exceeded the maximum number of computer accounts you are "
    "allowed to create in this domain. Contact your system administrator to have this limit reset or increased."
)


def build(folder: Path) -> Path:
    m = Machine(
        "no-more-computers-in-the-domain",
        at(2026, 1, 20, 8, 15),
        name="DESKTOP-QH7T2RD",
        serial="WS-1507-A",
        zone="Europe/Brussels",
        build="26200.7462",
    )
    lived(m, 60)
    boot(m, -4)
    profile(m, 0, "hybrid", name="Hybrid laptops")
    enrol(m, 3)
    m.event("dm", 3.6, 111, Boolean1=True)
    m.event("dm", 3.7, 109, HexInt1=Code(1))
    m.event("shell", 3.8, 62404, CXID="OobeDomainJoin")
    m.event("dm", 28.7, 110, HexInt1=Code(3))
    screen(m, 28.9, "CDJUIError", "80070774")
    screen(m, 28.91, "CDJUIShowPage", "idErrorPage")
    m.named = 0
    m.name = "ODJ-SRV-3"
    for n in range(4):
        m.event("connector", 4 + n * 5, 30132, 2, **{"#0": compact(quota(m, n, WORDS, "8557"))})
    m.name = "DESKTOP-QH7T2RD"
    return m.as_folder(folder)

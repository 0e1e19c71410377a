"""A hybrid profile with an assigned user joins Entra itself."""

from __future__ import annotations

import json
from pathlib import Path

from cases.outside import AUTOPILOT, CACHE, Code, Machine, at, compact
from cases.outside_eighteen import hum
from cases.outside_noise import lived
from cases.outside_stages import boot, enrol, join, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "hybrid-with-an-assigned-user",
        at(2024, 4, 22, 8, 10),
        build="22631.3447",
        zone="Europe/Warsaw",
        name="DESKTOP-QH7T2RD",
        serial="NW-4410-H",
        domain="northwind.example",
        user="ola",
    )
    lived(m, 50)
    boot(m, -5)
    profile(m, 0, "hybrid", name="Hybrid office")
    m.event("autopilot", 0.31, 103, Message1="CloudAssignedTenantUpn", Message2=m.upn)
    m.key(AUTOPILOT, CloudAssignedTenantUpn=m.upn)
    profile_text = json.loads(m.keys[CACHE]["PolicyJsonCache"])
    profile_text["CloudAssignedAadServerData"] = compact(
        {
            "ZeroTouchConfig": {
                "CloudAssignedTenantUpn": m.upn,
                "CloudAssignedTenantDomain": m.domain,
                "ForcedEnrollment": 1,
            }
        }
    )
    profile_text["CloudAssignedTenantUpn"] = m.upn
    m.key(CACHE, PolicyJsonCache=compact(profile_text))
    m.text("AutopilotDDSZTDFile.json", compact(profile_text), "utf-16")
    join(m, 2)
    enrol(m, 3)
    hum(m, 4)
    m.event("dm", 4.0, 111, Boolean1=True)
    m.event("dm", 4.1, 109, HexInt1=Code(1))
    m.event("dm", 29.1, 109, HexInt1=Code(3))
    screen(m, 29.3, "CDJUIError", "80070774")
    screen(m, 29.31, "CDJUIShowPage", "idErrorPage")
    return m.as_zip(folder)

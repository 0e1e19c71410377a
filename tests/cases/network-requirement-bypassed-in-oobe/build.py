"""Somebody goes round OOBE's network page, makes a local account, and the profile comes after."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import answered, boot, halt, query


def build(folder: Path) -> Path:
    m = Machine(
        "network-requirement-bypassed-in-oobe",
        at(2026, 5, 11, 13, 0),
        build="26100.7840",
        zone="Europe/Madrid",
        name="DESKTOP-QH7T2RD",
        serial="WS-1105-E",
    )
    boot(m, -30)
    m.event("autopilot", -29, 165, 3)
    for n in range(3):
        m.event("autopilot", -28 + n, 167, 3)
    m.event("shell", -28, 62404, CXID="OobeWireless")
    halt(m, -24, "restart", r"C:\Windows\System32\shutdown.exe")
    boot(m, -23)
    m.event("autopilot", -22, 165, 3)
    m.event("autopilot", -21, 167, 3)
    m.event("shell", -21, 62404, CXID="OobeWireless")
    m.event("shell", -19, 62404, CXID="OobeLocal")
    m.event("shell", -17, 62405, Result="exitCxhSuccess")
    m.event("winlogon", -16, 7001, TSId=1, UserSid="S-1-5-21-1004336348-1177238915-682003330-1001")
    halt(m, 200)
    boot(m, 238)
    query(m, 240)
    answered(m, 240.1, 3)
    kept = {"CloudAssignedTenantDomain": m.domain, "DeploymentProfileName": "Staff laptops"}
    m.key(CACHE, PolicyJsonCache=compact(kept), ProfileAvailable=1)
    m.key(r"software\microsoft\windows\currentversion\oobe", BypassNRO=1)
    m.named = 1e9
    lived(m, 300)
    return m.as_zip(folder)

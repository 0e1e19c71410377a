"""Sealed by the technician; the user's join is refused ten minutes after it was asked for."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, HOUR, TRACKING, Machine, Signed, at, compact
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, ready, state
from cases.outside_stages import ask_join, boot, halt, leave, query, screen


def build(folder: Path) -> Path:
    m = Machine(
        "resealed-and-the-token-is-invalid", at(2025, 2, 10, 9, 0), name="WS-5514", serial="WS-5514-K"
    )
    t = ready(m, "seal")
    announced(m, t + 0.3, "Archive Tool", "Plant Viewer")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Plant Viewer")
    m.page(t + 6, "CommercialOOBE_ESPProgress_WhiteGlove_Success", "BootstrapStatus: Success page shown.")
    m.event("shell", t + 6.001, 62405, Result="success")
    m.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    state(m, "DeviceSetup", "succeeded", **GOOD, Apps=("succeeded", "Apps (2 of 2 installed)"))
    leave(m, t + 7)
    halt(m, t + 8, "power off", r"C:\Windows\System32\CloudExperienceHostBroker.exe")

    t = DAY + HOUR
    boot(m, t)
    query(m, t + 1)
    m.event("autopilot", t + 1.1, 163)
    screen(m, t + 2.8, "CDJUICheckRequirementsAndJoin")
    ask_join(m, t + 3)
    code = Signed(0x801C03ED - (1 << 32))
    said = compact({"code": "authentication_error", "operation": "DeviceJoin", "message": "Invalid token"})
    m.event(
        "join",
        t + 13.2,
        204,
        2,
        ExitCode=code,
        ActivityId=m.id("refused"),
        HttpStatus=400,
        ServerResponse=said,
    )
    m.event("join", t + 13.21, 205, 2, ExitCode=code)
    screen(m, t + 13.3, "CDJUIError", "801c03ed")
    screen(m, t + 13.31, "CDJUIShowPage", "idErrorPage")
    lived(m, t + 25, step=0)
    return m.as_zip(folder)

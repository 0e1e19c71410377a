"""The management service fails once, somebody presses Try again, all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import agent_comes, device_setup, finish
from cases.outside_stages import boot, enrol, join, leave, profile, refused, screen


def build(folder: Path) -> Path:
    m = Machine("busy-service-then-enrolled", at(2026, 3, 3, 13, 15), zone="Europe/Rome")
    boot(m, -5)
    profile(m, 0)
    join(m, 2)
    words = "The service is temporarily unavailable. Try again later."
    refused(m, 2.6, 0x80180005, "s:EnrollmentServer", words)
    leave(m, 3.2)
    m.event("shell", 3.3, 62404, CXID="OobeAAD")
    screen(m, 3.31, "CDJUIError", "80180005")
    screen(m, 3.32, "CDJUIShowPage", "idErrorPage")
    screen(m, 4.2, "CDJUIClickOnErrorTryAgain", "true")
    m.event("shell", 5.9, 62405, Result="success")
    join(m, 5)
    enrol(m, 6)
    agent_comes(m, 7, 1)
    device_setup(m, 9)
    announced(m, 9.1, "Contract Archive")
    app(m, 9.3, "Contract Archive")
    finish(m, 13, apps=1)
    days(m, 1, 4)
    lived(m, 4 * 1440.0)
    return m.as_zip(folder)

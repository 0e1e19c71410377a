"""The tenant lets nobody join; the chip is in order."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, Signed, at, compact
from cases.outside_hardware import chip
from cases.outside_noise import lived
from cases.outside_stages import ask_join, boot, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "users-may-not-join",
        at(2025, 11, 4, 8, 5),
        build="22631.4317",
        name="WS-2214",
        serial="WS-2214-B",
        zone="Europe/Paris",
    )
    lived(m, 22)
    chip(m, "INTC", "Intel", "402.1.0.0")
    boot(m, -4)
    profile(m, 0)
    for n in range(2):
        t = 2.2 + n * 4
        screen(m, t - 0.2, "CDJUICheckRequirementsAndJoin")
        ask_join(m, t)
        said = {
            "code": "authorization_error",
            "subcode": "error_user_not_allowed",
            "operation": "DeviceJoin",
            "message": "User is not allowed to join devices to this directory.",
        }
        m.event(
            "join",
            t + 0.3,
            204,
            2,
            ExitCode=Signed(-2145648637),
            ActivityId=m.id(f"a{n}"),
            HttpStatus=403,
            ServerResponse=compact(said),
        )
        m.event("join", t + 0.31, 205, 2, ExitCode=Signed(-2145648637))
        screen(m, t + 0.4, "CDJUIError", "801c0003")
        screen(m, t + 0.41, "CDJUIShowPage", "idErrorPage")
        screen(m, t + 1.5, "CDJUIClickOnErrorTryAgain")
    return m.as_collection(folder)

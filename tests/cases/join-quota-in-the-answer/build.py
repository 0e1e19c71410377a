"""The directory says how many devices the user has."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, Signed, at, compact
from cases.outside_noise import lived
from cases.outside_stages import ask_join, boot, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "join-quota-in-the-answer",
        at(2025, 10, 14, 8, 10),
        build="26200.6725",
        name="WS-2156",
        serial="WS-2156-X",
        user="morgan",
    )
    lived(m, 20)
    boot(m, -4)
    profile(m, 0)
    screen(m, 2, "CDJUICheckRequirementsAndJoin")
    ask_join(m, 2.2)
    said = {
        "code": "invalid_request",
        "subcode": "error_directory_quota_exceeded",
        "operation": "DeviceJoin",
        "message": f"User '{m.id('oid')}' is not eligible to enroll a device of type 'Windows'. Reason 'DeviceCapReached'.",
    }
    m.event(
        "join",
        2.5,
        204,
        2,
        ExitCode=Signed(-2145648626),
        ActivityId=m.id("a"),
        HttpStatus=400,
        ServerResponse=compact(said),
    )
    m.event("join", 2.51, 205, 2, ExitCode=Signed(-2145648626))
    screen(m, 2.6, "CDJUIError", "801c000e")
    screen(m, 2.61, "CDJUIShowPage", "idErrorPage")
    return m.as_zip(folder)

"""The join is refused because an older object has the same host name."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, Signed, at, compact
from cases.outside_noise import lived
from cases.outside_stages import ask_join, boot, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "hostname-taken-by-an-old-object",
        at(2026, 6, 9, 9, 15),
        name="WS-3411",
        serial="WS-3411-L",
        build="26200.6725",
    )
    lived(m, 25)
    boot(m, -4)
    profile(m, 0)
    said = {
        "code": "directory_error",
        "subcode": "error_hostname_duplicate",
        "operation": "DeviceJoin",
        "message": "Another object with the same value for property hostnames already exists.",
    }
    for n in range(2):
        t = 2.2 + n * 5
        ask_join(m, t)
        m.event(
            "join",
            t + 0.4,
            204,
            2,
            ExitCode=Signed(-2145648509),
            ActivityId=m.id(f"a{n}"),
            HttpStatus=400,
            ServerResponse=compact(said),
        )
        m.event("join", t + 0.41, 205, 2, ExitCode=Signed(-2145648509))
        screen(m, t + 0.5, "CDJUIError", "801c0083")
        screen(m, t + 0.51, "CDJUIShowPage", "idErrorPage")
        screen(m, t + 2, "CDJUIClickOnErrorTryAgain")
    return m.as_cab(folder)

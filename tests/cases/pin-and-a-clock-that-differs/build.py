"""A deployment goes well; the PIN cannot be set up because the secure connection fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import finish, ready
from cases.outside_ten import checks_in, pin_fails


def build(folder: Path) -> Path:
    m = Machine(
        "pin-and-a-clock-that-differs",
        at(2026, 5, 6, 7, 10),
        build="22631.5335",
        zone="Europe/Prague",
        name="WS-8102",
        serial="WS-8102-B",
    )
    lived(m, 75)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    for n in range(3):
        pin_fails(m, end + 0.5 + n * 4, 0x80072F8F)
    checks_in(m, end + 20, 2, 20)
    return m.as_collection(folder)

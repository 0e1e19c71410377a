"""A deployment goes well; the PIN cannot be set up."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_nine import no_default_account
from cases.outside_noise import lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "pin-finds-no-default-account",
        at(2026, 2, 24, 7, 45),
        build="22631.6649",
        zone="Europe/Amsterdam",
        name="WS-7014",
        serial="WS-7014-P",
    )
    lived(m, 50)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    for n in range(3):
        no_default_account(m, end + 0.5 + n * 3)
    return m.as_zip(folder)

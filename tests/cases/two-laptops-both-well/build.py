"""Two laptops in one folder, a cabinet and a collection: both were deployed well, with the noise of their days."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    path = folder / "two-laptops-both-well"
    path.mkdir()
    first = Machine(
        "two-laptops-first",
        at(2026, 4, 1, 7, 0),
        name="WS-2802",
        fresh="DESKTOP-AA10RTE",
        serial="WS-2802-T",
        user="noor",
    )
    lived(first, 40)
    t = ready(first)
    finish(first, t + 5)
    first.as_cab(path)
    second = Machine(
        "two-laptops-second",
        at(2026, 4, 2, 13, 0),
        zone="America/New_York",
        name="WS-2801",
        fresh="DESKTOP-BB20RTE",
        serial="WS-2801-T",
        user="sam",
    )
    lived(second, 6 * DAY)
    t = ready(second)
    announced(second, t + 0.3, "Archive Tool", "Contoso Reader")
    app(second, t + 0.5, "Archive Tool")
    app(second, t + 3, "Contoso Reader", 3010)
    end = finish(second, t + 6)
    sign_out(second, end + 20)
    days(second, 1, 6)
    second.event("hello", end + 1, 6045, 2, ErrorCode=Code(0x801C044F))
    second.as_collection(path)
    return path

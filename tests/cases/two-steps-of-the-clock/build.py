"""Three hours ahead, then twenty minutes behind, then right."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import collector, corrected, first_hours
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine("two-steps-of-the-clock", at(2026, 3, 10, 8, 0), name="WS-5839", serial="WS-5839-J")
    corrected(m, 8.3, -20)
    corrected(m, 1.2, 200)
    first_hours(m)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 4, "Contoso Reader")
    end = finish(m, t + 8)
    collector(m, end + 20)
    m.collected = end + 20
    return m.as_zip(folder)

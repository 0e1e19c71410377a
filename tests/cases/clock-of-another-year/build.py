"""The battery is dead: the clock starts in 2021 and is set right in time."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, Signed, at
from cases.outside_agent import announced, app
from cases.outside_noise import collector, corrected, first_hours
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine("clock-of-another-year", at(2026, 1, 27, 9, 0), name="WS-1934", serial="WS-1934-V")
    corrected(m, -0.2, -5 * 365 * DAY)
    first_hours(m)
    m.event("autopilot", -0.4, 164)
    m.event("autopilot", -0.35, 750, 2)
    m.event(
        "autopilot",
        -0.3,
        753,
        3,
        ServerTime="01/27/2026 08:59:42",
        ClientTime="01/28/2021 08:59:42",
        AttemptNumber=Signed(1),
        MaxAttempts=Signed(3),
    )
    m.event("autopilot", -0.1, 751)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    m.collected = end + 20
    collector(m, end + 20)
    return m.as_zip(folder)

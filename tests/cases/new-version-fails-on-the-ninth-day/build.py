"""A deployment succeeds; on the ninth day the new version of one of its apps fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready
from cases.outside_ten import checks_in
from cases.outside_twelve import beside_the_page


def build(folder: Path) -> Path:
    m = Machine(
        "new-version-fails-on-the-ninth-day",
        at(2026, 2, 3, 8, 0),
        build="26100.7462",
        zone="Europe/Madrid",
        name="WS-8306",
        serial="WS-8306-F",
    )
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 6)
    days(m, 1, 10)
    for n in range(3):
        w = 9 * DAY + 120 + n * 61
        checks_in(m, w - 2, 1)
        beside_the_page(m, w, "Contoso Reader 25", 1603)
        m.event("installer", w + 1.9, 11708, plain=["Product: Contoso Reader 25 -- Installation failed."])
    lived(m, 10 * DAY)
    return m.as_collection(folder)

"""A French machine: the agent tries an app again by itself and all goes well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, says, tracked, verdict
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready

NAME = "Lecteur de badges"
BUSY = (
    "Une autre installation est déjà en cours. Terminez cette installation avant d'effectuer celle-ci.",
    "(NULL)",
    "(NULL)",
    "(NULL)",
    "(NULL)",
    "",
    "",
)


def build(folder: Path) -> Path:
    m = Machine(
        "deuxieme-essai-de-lui-meme",
        at(2026, 1, 19, 8, 25),
        zone="Europe/Paris",
        build="22631.5768",
        name="PC-3344",
        serial="PC-3344-B",
    )
    lived(m, 3 * DAY + 60)
    t = ready(m)
    announced(m, t + 0.2, "Archive Tool", NAME)
    app(m, t + 0.4, "Archive Tool")
    looks(m, t + 3, NAME)
    tracked(m, t + 3.1, NAME, 2)
    loads(m, t + 3.2, NAME)
    runs(m, t + 4, NAME)
    m.event("installer", t + 4.4, 1013, 2, plain=BUSY)
    ended(m, t + 4.5, 1618)
    says(m, t + 9.5, "[Win32App] ===Step=== Execute retry 1")
    runs(m, t + 9.51, NAME)
    ended(m, t + 11, 0)
    verdict(m, t + 11.1, NAME, 0)
    kept(m, NAME, exit_code=0, code=0, state=1000)
    end = finish(m, t + 12)
    sign_out(m, end + 20)
    days(m, 1, 4)
    return m.as_folder(folder)

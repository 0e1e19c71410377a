"""An app's content stands still twice and comes at the third load; all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, says, tracked, verdict
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready

NAME, SIZE = "Drawing Suite", 3_100_000_000


def build(folder: Path) -> Path:
    m = Machine(
        "content-came-at-the-third-load",
        at(2026, 5, 26, 7, 15),
        build="22631.6060",
        zone="Europe/Dublin",
        name="WS-8311",
        serial="WS-8311-L",
    )
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", NAME)
    app(m, t + 0.5, "Archive Tool")
    s = t + 3
    looks(m, s, NAME)
    tracked(m, s + 0.1, NAME, 2)
    for n, (got, word) in enumerate(((900_000_000, "Timeout"), (1_700_000_000, "Failed"))):
        loads(m, s + 0.2 + n * 9, NAME, SIZE, got=got, minutes=6.0)
        says(
            m,
            s + 8.5 + n * 9,
            f"[Win32App][DownloadActionHandler] Handler completed with action status: {word}.",
            kind=2,
        )
    loads(m, s + 18.5, NAME, SIZE, minutes=5.0)
    runs(m, s + 24, NAME)
    ended(m, s + 28, 0)
    verdict(m, s + 28.1, NAME, 0)
    kept(m, NAME, exit_code=0, code=0, state=1000)
    finish(m, s + 30)
    days(m, 1, 3)
    lived(m, 3 * 1440.0)
    return m.as_zip(folder)

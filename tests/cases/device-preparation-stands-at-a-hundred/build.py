"""Device preparation: everything is done and the page never ends."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import ended, kept, loads, looks, report, runs
from cases.outside_noise import lived
from cases.outside_preparation import begins, progress
from cases.outside_stages import sync
from cases.outside_ten import checks_in


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-stands-at-a-hundred",
        at(2024, 6, 25, 9, 0),
        build="22631.3737",
        zone="Europe/Helsinki",
        name="DESKTOP-QH7T2RD",
        serial="WS-1124-A",
    )
    t = begins(m)
    for name in ("Archive Tool", "Contoso Reader"):
        w = t + (1 if name == "Archive Tool" else 4)
        looks(m, w, name)
        loads(m, w + 0.1, name)
        runs(m, w + 0.8, name)
        ended(m, w + 2, 0)
        report(m, w + 2.1, name, 0, "Success")
        kept(m, name, exit_code=0, code=0, state=1000)
    progress(m, ("Policies", 1, 0), ("Archive Tool", 1, 0), ("Contoso Reader", 1, 0))
    for n in range(8):
        sync(m, t + 10 + n * 20)
    checks_in(m, t + 70, 2)
    lived(m, t + 190)
    return m.as_collection(folder)

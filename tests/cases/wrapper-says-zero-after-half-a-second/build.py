"""A wrapper ends with 0 after half a second and nothing was installed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, says, tracked, verdict
from cases.outside_eighteen import hum
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "wrapper-says-zero-after-half-a-second",
        at(2024, 9, 4, 11, 2),
        build="22631.4112",
        zone="Europe/Berlin",
        name="WS-7711",
        serial="WS-7711-D",
    )
    lived(m, 30)
    t = ready(m)
    hum(m, t + 0.1)
    n = "Ledger Client"
    announced(m, t + 0.3, "Archive Tool", n)
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, n)
    tracked(m, t + 3.1, n, 2)
    loads(m, t + 3.2, n, 188_000_000, minutes=1.5)
    runs(m, t + 5, n)
    says(
        m,
        t + 5.001,
        "[Win32App] ===Step=== Execute retry 0",
    )
    ended(m, t + 5.009, 0)
    verdict(m, t + 5.05, n, 0x87D1041C, found=False)
    kept(m, n, exit_code=0, code=0x87D1041C, state=5000)
    page_fails(m, t + 5.4, "DeviceSetup.Apps", 0x87D1041C)
    return m.as_collection(folder)

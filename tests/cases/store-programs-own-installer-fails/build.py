"""A program out of the Store is loaded, and its own installer ends with 1603."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, report, tracked
from cases.outside_nine import store_app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

CODE = 0x643


def build(folder: Path) -> Path:
    m = Machine(
        "store-programs-own-installer-fails",
        at(2025, 9, 16, 10, 10),
        build="26100.6584",
        zone="Europe/Dublin",
        name="WS-7023",
        serial="WS-7023-U",
    )
    lived(m, 45)
    t, name = ready(m), "Update Helper"
    announced(m, t + 0.3, "Archive Tool", name)
    app(m, t + 0.5, "Archive Tool")
    tracked(m, t + 3, name, 2)
    store_app(m, t + 3, name, "XP8CONTOSO01UH", CODE)
    report(m, t + 4.1, name, CODE, "Error")
    kept(m, name, exit_code=None, code=CODE, state=5000)
    tracked(m, t + 4.2, name, 4, code=CODE)
    page_fails(m, t + 4.5, "DeviceSetup.Apps", CODE)
    return m.as_zip(folder)

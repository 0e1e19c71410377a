"""Hybrid: the join's task finds an unknown tenant three times; the connection point is mended, and it goes well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import days, lived
from cases.outside_page import account_done, account_setup, desktop
from cases.outside_ten import hybrid_to_account_setup, join_task_fails


def build(folder: Path) -> Path:
    m = Machine(
        "connection-point-mended-at-noon",
        at(2026, 3, 4, 8, 0),
        build="22631.6491",
        zone="Europe/Copenhagen",
        name="WS-8128",
        serial="WS-8128-D",
    )
    t = hybrid_to_account_setup(m)
    account_setup(m, t + 1)
    for n in range(3):
        join_task_fails(m, t + 2 + n * 8, 0x801C003A, "discover")
    m.event("join", t + 26, 4096)
    m.event("join", t + 26.3, 306)
    account_done(m, t + 31)
    desktop(m, t + 31.5)
    days(m, 1, 2)
    lived(m, 2 * 1440.0)
    return m.as_collection(folder)

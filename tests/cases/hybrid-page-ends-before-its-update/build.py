"""Hybrid on a build before the fix: the status page ends with 0x80004005 while it waits for the hybrid join."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_page import account_setup, page_fails, state
from cases.outside_ten import WAITS, hybrid_to_account_setup


def build(folder: Path) -> Path:
    m = Machine(
        "hybrid-page-ends-before-its-update",
        at(2025, 6, 24, 8, 0),
        build="26100.4349",
        zone="Europe/Zurich",
        name="WS-1108",
        serial="WS-1108-H",
    )
    t = hybrid_to_account_setup(m)
    account_setup(m, t)
    for n in range(5):
        m.event("join", t + 1 + n * 6, 4096)
        m.event("join", t + 1.2 + n * 6, 331, 3)
    state(m, "AccountSetup", "failed", "Error", **WAITS)
    page_fails(m, t + 32, "AccountSetup.SecurityPolicies", 0x80004005, timeout=True)
    lived(m, t + 45)
    return m.as_zip(folder)

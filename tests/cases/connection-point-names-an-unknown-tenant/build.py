"""Hybrid: the service connection point names a tenant that is not found."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import runs_out
from cases.outside_noise import lived
from cases.outside_page import account_setup
from cases.outside_ten import WAITS, hybrid_to_account_setup, join_task_fails


def build(folder: Path) -> Path:
    m = Machine(
        "connection-point-names-an-unknown-tenant",
        at(2026, 3, 3, 8, 0),
        build="22631.6491",
        zone="Europe/Copenhagen",
        name="WS-8111",
        serial="WS-8111-L",
    )
    lived(m, 150)
    t = hybrid_to_account_setup(m)
    account_setup(m, t + 1)
    for n in range(8):
        join_task_fails(m, t + 2 + n * 11, 0x801C003A, "discover")
    runs_out(m, t + 101, "AccountSetup.SecurityPolicies", **WAITS)
    return m.as_zip(folder)

"""Hybrid: the join's task looks four times before the computer is in the domain; what fails is the user's app."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, account_setup, page_fails, state
from cases.outside_ten import hybrid_to_account_setup, join_task_fails

SAYS = "The device object by the given id is not found."


def build(folder: Path) -> Path:
    m = Machine(
        "join-checks-before-the-domain-and-a-users-app",
        at(2026, 8, 18, 6, 30),
        build="26100.4946",
        zone="Europe/Prague",
        name="WS-8302",
        serial="WS-8302-B",
    )
    lived(m, 60)
    for t in (-3, 0.6, 2.9, 5.5):
        m.event(
            "join",
            t,
            331,
            DebugOutput="preCheckResult: DoNotJoin isJoined: NO isDomainJoined: NO autoWorkplaceJoin: -1",
        )
    t = hybrid_to_account_setup(m)
    join_task_fails(m, t - 3, 0x801C03F2, "join", SAYS)
    m.event("join", t - 0.5, 306)
    account_setup(m, t)
    announced(m, t + 0.3, "Expense Client", phase="AccountSetup")
    app(m, t + 0.5, "Expense Client", 1619, phase="AccountSetup", keys=False)
    page_fails(m, t + 3, "AccountSetup.Apps", 0x80070653)
    state(m, "AccountSetup", "failed", **GOOD, Apps=("failed", "Apps (Error: 0x80070653)"))
    return m.as_zip(folder)

"""Account setup: an app that installs Windows updates is still at work when the page gives up."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, kept, loads, looks, runs, tracked
from cases.outside_noise import lived
from cases.outside_page import GOOD, account_setup, device_done, page_fails, ready, state

UPDATES = ("Cumulative Update (KB5034123)", ".NET Framework Update (KB5033920)", "Firmware 1.24")


def build(folder: Path) -> Path:
    m = Machine(
        "update-app-outlasts-the-page",
        at(2024, 2, 2, 15, 10),
        build="22631.2715",
        zone="America/New_York",
        name="WS-2711",
        serial="WS-2711-D",
    )
    lived(m, 95)
    t = ready(m, apps=0)
    device_done(m, t + 2, 0)
    account_setup(m, t + 4)
    announced(m, t + 4.3, "Update Windows Now", phase="AccountSetup")
    looks(m, t + 4.5, "Update Windows Now")
    tracked(m, t + 4.6, "Update Windows Now", 2, phase="AccountSetup")
    loads(m, t + 4.7, "Update Windows Now", 310_000)
    runs(m, t + 5.4, "Update Windows Now")
    for n, name in enumerate(UPDATES):
        fields = {"updateTitle": name, "updateGuid": "{" + m.id(name) + "}", "updateRevisionNumber": 1}
        m.event("update", t + 8 + n * 15, 44, **fields)
        m.event("update", t + 14 + n * 15, 43, **fields)
        if n < 2:
            m.event("update", t + 22 + n * 15, 19, **fields)
    kept(m, "Update Windows Now", exit_code=None, code=0, state=2000, compliance=2)
    page_fails(m, t + 64, "AccountSetup.Apps", 0x81036502, timeout=True)
    state(m, "AccountSetup", "failed", **GOOD, Apps=("failed", "Apps (Error: 0x81036502)"))
    return m.as_zip(folder)

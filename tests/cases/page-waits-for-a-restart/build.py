"""Device setup: an app is installed but for a restart that nobody makes; the agent stops, the page waits on."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, report, runs, says, tracked
from cases.outside_eight import runs_out
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import sync


def build(folder: Path) -> Path:
    m = Machine(
        "page-waits-for-a-restart",
        at(2026, 4, 14, 9, 5),
        build="26100.6584",
        name="WS-6051",
        serial="WS-6051-R",
    )
    lived(m, 70)
    t = ready(m, apps=3)
    announced(m, t + 0.2, "Archive Tool", "Filter Driver", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 4, "Filter Driver")
    tracked(m, t + 4.1, "Filter Driver", 2)
    loads(m, t + 4.2, "Filter Driver")
    runs(m, t + 4.8, "Filter Driver")
    ended(m, t + 7, 3010)
    report(m, t + 7.1, "Filter Driver", 0, "InProgressPendingReboot")
    says(
        m,
        t + 7.2,
        "[Win32App][V3Processor] A restart is required to continue processing apps. Stop processing.",
    )
    kept(m, "Filter Driver", exit_code=3010, code=0, state=2008, compliance=2)
    for n in range(6):
        sync(m, t + 9 + n * 8)
    runs_out(m, t + 60, "DeviceSetup.Apps", Apps=("inProgress", "Apps (1 of 3 installed)"))
    return m.as_zip(folder)

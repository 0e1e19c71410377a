"""Device setup: an installer ends with 1641, nothing restarts Windows, the page waits its hour."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, says, tracked
from cases.outside_eight import runs_out
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import sync


def build(folder: Path) -> Path:
    m = Machine(
        "hard-restart-that-was-never-made",
        at(2026, 7, 7, 8, 20),
        build="26100.8521",
        zone="Europe/Lisbon",
        name="WS-8115",
        serial="WS-8115-Q",
    )
    lived(m, 75)
    t, name = ready(m, apps=3), "Encryption Agent"
    announced(m, t + 0.2, "Archive Tool", name, "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 4, name)
    tracked(m, t + 4.1, name, 2)
    loads(m, t + 4.2, name)
    runs(m, t + 4.8, name)
    ended(m, t + 7, 1641)
    says(
        m,
        t + 7.2,
        "[Win32App][V3Processor] A restart is required to continue processing apps. Stop processing.",
    )
    kept(m, name, exit_code=1641, code=0, state=6002, compliance=2)
    m.key(
        rf"{TRACKING}\Device\Setup\Apps\Tracking\Sidecar\Win32App_{m.id(name)}_1",
        InstallationState=2,
        RebootRequired=3,
    )
    for n in range(6):
        sync(m, t + 9 + n * 8)
    runs_out(m, t + 60, "DeviceSetup.Apps", Apps=("inProgress", "Apps (1 of 3 installed)"))
    return m.as_zip(folder)

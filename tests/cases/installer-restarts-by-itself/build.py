"""An installer restarts Windows and is never seen to end."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, loads, looks, runs, says, tracked
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, part, ready, state
from cases.outside_stages import boot, halt, query


def build(folder: Path) -> Path:
    m = Machine("installer-restarts-by-itself", at(2026, 3, 5, 8, 30), name="WS-3616", serial="WS-3616-R")
    lived(m, 90)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Drive Encryption")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, "Drive Encryption")
    tracked(m, t + 3.1, "Drive Encryption", 2)
    loads(m, t + 3.2, "Drive Encryption")
    runs(m, t + 4, "Drive Encryption")
    halt(m, t + 6, "restart", rf"C:\Windows\IMECache\{m.id('Drive Encryption')}_1\setup.exe")
    boot(m, t + 7)
    query(m, t + 7.5)
    m.event("autopilot", t + 7.6, 163)
    part(m, t + 8, "DeviceSetup")
    says(m, t + 9, "EMS Agent Started", "Agent version is: 1.101.109.0", log="IntuneManagementExtension")
    kept(m, "Drive Encryption", exit_code=None, code=0, state=2000, compliance=0)
    page_fails(m, t + 68, "DeviceSetup.Apps", 0x800705B4, timeout=True)
    state(
        m,
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **GOOD,
        Apps=("inProgress", "Apps (1 of 2 installed)"),
    )
    return m.as_zip(folder)

"""The page runs out with one app at work, somebody goes on, and a quarter of an hour later the app is installed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, says, tracked
from cases.outside_eight import runs_out
from cases.outside_noise import lived
from cases.outside_page import desktop, ready
from cases.outside_stages import first_sync, sync

NAME = "Drawing Suite"


def build(folder: Path) -> Path:
    m = Machine(
        "continued-past-the-hour-and-the-app-came-after",
        at(2026, 9, 22, 7, 0),
        build="26100.6584",
        zone="Europe/Paris",
        name="WS-8322",
        serial="WS-8322-X",
    )
    lived(m, 110)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", NAME)
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, NAME)
    tracked(m, t + 3.1, NAME, 2)
    loads(m, t + 3.2, NAME, 6_300_000_000, minutes=22.0)
    runs(m, t + 26, NAME)
    for n in range(5):
        sync(m, t + 5 + n * 12)
    runs_out(m, t + 60, "DeviceSetup.Apps", Apps=("inProgress", "Apps (1 of 2 installed)"))
    first_sync(m, 60, BlockInStatusPage=6, WasDeviceSuccessfullyProvisioned=0)
    m.page(
        t + 62,
        "CommercialOOBE_ESPProgress_ContinueAnyway_Started",
        "BootstrapStatus: Continue button selected",
    )
    m.page(t + 62.01, "CommercialOOBE_ESPProgress_Page_Exiting", "BootstrapStatus: Exiting page normally.")
    m.event("shell", t + 62.02, 62405, Result="success")
    m.event("winlogon", t + 62.8, 7001, TSId=1, UserSid=m.sid())
    desktop(m, t + 63.5)
    ended(m, t + 77, 0)
    app_id = m.id(NAME)
    says(
        m,
        t + 77.05,
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {app_id} resulted in action status: Success and "
        "detection state: Detected.",
        f"[Win32App][ReportingManager] Execution state for app with id: {app_id} has been updated. Report delta: "
        '{"EnforcementState":{"OldValue":"InProgress","NewValue":"Success"}}',
        "[Win32App][V3Processor] Done processing subgraph.",
    )
    kept(m, NAME, exit_code=0, code=0, state=1000)
    return m.as_zip(folder)

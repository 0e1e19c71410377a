"""An application control policy is enforced before its managed installer is trusted: the installer cannot be started."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, loads, looks, report, runs, says, tracked
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready
from cases.outside_seven import blocked_by_integrity

NAME, CODE = "Holiday Planner", 0x800711C7


def build(folder: Path) -> Path:
    m = Machine(
        "app-control-blocks-the-installer",
        at(2026, 3, 9, 9, 20),
        zone="Europe/Madrid",
        name="WS-8804",
        serial="WS-8804-C",
    )
    lived(m, 30)
    t = ready(m)
    announced(m, t + 0.2, "Archive Tool", NAME)
    app(m, t + 0.4, "Archive Tool")
    looks(m, t + 3, NAME)
    tracked(m, t + 3.1, NAME, 2)
    loads(m, t + 3.2, NAME)
    runs(m, t + 4, NAME)
    staged = rf"\Device\HarddiskVolume3\Windows\IMECache\{m.id(NAME)}_1\HolidaySetup.exe"
    blocked_by_integrity(m, t + 4.01, 3077, staged, "Contoso Workstations Enforced")
    says(m, t + 4.02, "[Win32App] Failed to create installer process. Error code = 4551")
    report(m, t + 4.1, NAME, CODE, "Error")
    says(
        m,
        t + 4.11,
        "[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application "
        f"{m.id(NAME)} with name: {NAME}.",
    )
    tracked(m, t + 4.12, NAME, 4, code=CODE)
    kept(m, NAME, exit_code=None, code=CODE, state=5000)
    page_fails(m, t + 4.6, "DeviceSetup.Apps", CODE)
    return m.as_folder(folder)

"""Device setup: an app of the Store cannot be got because a policy closes the Store's source."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, report, says, tracked
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

CODE = 0x8A15001B


def build(folder: Path) -> Path:
    m = Machine("store-closed-by-a-policy", at(2026, 4, 21, 10, 50), zone="Europe/Vienna")
    t, name = ready(m), "Whiteboard"
    announced(m, t + 0.1, "Archive Tool", name)
    app(m, t + 0.3, "Archive Tool")
    identity = m.id(name)
    tracked(m, t + 3, name, 2)
    says(
        m,
        t + 3,
        f"[Win32App][V3Processor] Processing subgraph with app ids: {identity}",
        f"[Win32App][WinGetApp][WinGetAppDetectionExecutor] Starting detection of app with id: {identity} and context: "
        "SystemContext.",
        f"[Win32App][WinGetApp][WinGetOperation] Starting Detection for app with id: {identity} and package id: "
        "9CONTOSOWB11.",
        "[Win32App][WinGetApp][AppPackageManager] Connect result status: BlockedByPolicy (0x8A15001B).",
        f"[WinGetMessageProcessor] Processing Progress for app = {identity} and user = "
        "00000000-0000-0000-0000-000000000000 - Operation Phase = Error",
    )
    report(m, t + 3.2, name, CODE, "Error")
    kept(m, name, exit_code=None, code=CODE, state=5000)
    tracked(m, t + 3.3, name, 4, code=CODE)
    store = r"software\policies\microsoft\WindowsStore"
    m.key(store, RemoveWindowsStore=1, DisableStoreApps=1)
    m.key(r"software\policies\microsoft\Windows\AppInstaller", EnableMicrosoftStoreSource=0)
    page_fails(m, t + 3.6, "DeviceSetup.Apps", CODE)
    lived(m, t + 15)
    return m.as_zip(folder)

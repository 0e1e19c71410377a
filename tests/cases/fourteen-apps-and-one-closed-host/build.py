"""Fourteen apps cannot be downloaded."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, kept, loads, looks, report, says, tracked
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine("fourteen-apps-and-one-closed-host", at(2026, 1, 8, 9, 0), name="WS-3205", serial="WS-3205-E")
    lived(m, 60)
    t = ready(m, apps=14)
    names = [f"Branch Tool {n:02}" for n in range(1, 15)]
    announced(m, t + 0.3, *names)
    for n, name in enumerate(names):
        w = t + 0.5 + n * 1.5
        looks(m, w, name)
        tracked(m, w + 0.1, name, 2)
        loads(m, w + 0.15, name, 80_000_000, got=0, minutes=1)
        report(m, w + 1.3, name, 0x87D30068, "ErrorDownloadingContent")
        says(
            m,
            w + 1.31,
            f"[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application "
            f"{m.id(name)} with name: {name}.",
        )
        tracked(m, w + 1.32, name, 4, code=0x87D30068)
        kept(m, name, exit_code=None, code=0x87D30068, state=5003)
    page_fails(m, t + 22, "DeviceSetup.Apps", 0x87D30068)
    return m.as_zip(folder)

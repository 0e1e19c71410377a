"""The agent will not try the app again for a day; the page waits for it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DEVICE, Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, report, runs, says, tracked
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, ready, state


def build(folder: Path) -> Path:
    m = Machine("waits-out-the-retry-lock", at(2026, 2, 3, 9, 20), name="WS-1601", serial="WS-1601-S")
    lived(m, 85)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Voice Client")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, "Voice Client")
    tracked(m, t + 3.1, "Voice Client", 2)
    loads(m, t + 3.2, "Voice Client")
    runs(m, t + 4, "Voice Client")
    ended(m, t + 5, 1602)
    report(m, t + 5.1, "Voice Client", 0x80070642, "Error")
    path, at_utc = rf"{DEVICE}\GRS\Zm9vYmFyMDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ubw=", m.clock(t + 5.1)
    says(
        m,
        t + 5.2,
        rf"[Win32App][GRSManager] Saved GRS value: {at_utc:%m/%d/%Y %H:%M:%S} to path: {path}\{m.id('Voice Client')}",
    )
    for n in range(3):
        w = t + 12 + n * 14
        says(
            m,
            w,
            rf"[Win32App][GRSManager] Found GRS value: {at_utc:%m/%d/%Y %H:%M:%S} at key {path}\{m.id('Voice Client')}.",
            f"[Win32App][GRSManager] App with id: {m.id('Voice Client')} is not expired.",
        )
        says(
            m,
            w + 0.1,
            f"[Win32App][ActionProcessor] App with id: {m.id('Voice Client')} to install is in GRS. The app will not be enforced.",
            log="AppActionProcessor",
        )
    kept(m, "Voice Client", exit_code=1602, code=0x80070642, state=5000)
    page_fails(m, t + 60, "DeviceSetup.Apps", 0x800705B4, timeout=True)
    state(
        m,
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **GOOD,
        Apps=("inProgress", "Apps (1 of 2 installed)"),
    )
    return m.as_zip(folder)

"""Device setup fails, somebody presses Try again, the app installs, and the next one fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, tracked
from cases.outside_noise import lived
from cases.outside_page import device_setup, page_fails, ready
from cases.outside_stages import screen


def build(folder: Path) -> Path:
    m = Machine("second-run-fails-at-another-app", at(2026, 6, 30, 9, 40), zone="Asia/Kolkata")
    t = ready(m, apps=3)
    names = ("Ledger Client", "Scanner Suite", "Reader")
    announced(m, t + 0.1, *names)
    app(m, t + 0.3, "Ledger Client", 1603, minutes=2.5, keys=False)
    page_fails(m, t + 3, "DeviceSetup.Apps", 0x80070643)
    screen(m, t + 9, "RetryButtonClicked", "true")
    device_setup(m, t + 9.2)
    announced(m, t + 9.4, *names)
    app(m, t + 9.6, "Ledger Client", minutes=3)
    app(m, t + 13, "Scanner Suite", 1619, minutes=1)
    tracked(m, t + 14.5, "Reader", 1)
    kept(m, "Ledger Client", exit_code=0, code=0, state=1000)
    page_fails(m, t + 14.6, "DeviceSetup.Apps", 0x80070653)
    lived(m, t + 30)
    return m.as_zip(folder)

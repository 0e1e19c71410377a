"""Only the log of OOBE's pages was sent."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_page import account_setup, device_done, page_fails, ready


def build(folder: Path) -> Path:
    m = Machine("page-log-alone", at(2026, 1, 30, 12, 0), name="WS-5738", serial="WS-5738-H")
    t = ready(m)
    m.event("shell", 1, 62404, CXID="OobeAAD")
    device_done(m, t + 5)
    account_setup(m, t + 6)
    page_fails(m, t + 11, "AccountSetup.Apps", 0x80070001)
    m.drop(
        "autopilot",
        "service",
        "pagelog",
        "packages",
        "dm",
        "enrol",
        "sync",
        "join",
        "aad",
        "appx",
        "net",
        "kernel",
        "power",
        "winlogon",
        "eventlog",
        "user32",
        "tpm",
        "update",
        "installer",
    )
    m.texts.clear()
    m.lines.clear()
    return m.as_folder(folder)

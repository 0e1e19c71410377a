"""Account setup: an app's content is loaded and cannot be decrypted."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, loads, looks, report, says, tracked
from cases.outside_noise import lived
from cases.outside_page import GOOD, account_setup, device_done, page_fails, ready, state


def build(folder: Path) -> Path:
    m = Machine("content-that-cannot-be-decrypted", at(2026, 9, 22, 8, 10), zone="Europe/Oslo")
    t = ready(m, apps=1)
    announced(m, t + 0.1, "Archive Tool")
    app(m, t + 0.3, "Archive Tool")
    device_done(m, t + 4, 1)
    account_setup(m, t + 5)
    a, name = t + 5.5, "Travel Desk"
    announced(m, a, name, phase="AccountSetup")
    looks(m, a + 0.2, name)
    tracked(m, a + 0.3, name, 2, phase="AccountSetup")
    loads(m, a + 0.4, name, 9_400_000, got=9_400_000 - 1)
    says(
        m,
        a + 1.2,
        "[Win32App] Downloaded file size 9400000",
        f"Decryption is failed for appId {m.id(name)}",
        kind=3,
    )
    report(m, a + 1.3, name, 0x87D30067, "ErrorDownloadingContent")
    kept(m, name, exit_code=None, code=0x87D30067, state=5003, user=m.id("user robin"))
    tracked(m, a + 1.4, name, 4, phase="AccountSetup", code=0x87D30067)
    page_fails(m, a + 1.8, "AccountSetup.Apps", 0x87D30067)
    state(m, "AccountSetup", "failed", **GOOD, Apps=("failed", "Apps (Error: 0x87D30067)"))
    lived(m, a + 12)
    return m.as_zip(folder)

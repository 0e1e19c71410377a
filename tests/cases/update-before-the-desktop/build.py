"""A quality update is installed after the page, with a restart; all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived, sign_out
from cases.outside_page import account_done, account_setup, desktop, device_done, ready
from cases.outside_stages import boot


def build(folder: Path) -> Path:
    m = Machine(
        "update-before-the-desktop",
        at(2026, 5, 12, 8, 0),
        build="26100.6584",
        name="WS-2489",
        serial="WS-2489-A",
    )
    lived(m, 110)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    device_done(m, t + 6)
    account_setup(m, t + 7)
    account_done(m, t + 9)
    title = "2026-05 Cumulative Update for Windows 11, version 24H2 for x64-based Systems (KB5099999) (26100.7019)"
    more = {"updateTitle": title, "updateGuid": "{" + m.id("lcu") + "}", "updateRevisionNumber": 1}
    m.event("update", t + 10, 44, **more)
    m.event("update", t + 22, 43, **more)
    sign_out(m, t + 40)
    m.build = "26100.7019"
    boot(m, t + 44)
    m.event("update", t + 45, 19, **more)
    desktop(m, t + 47)
    return m.as_zip(folder)

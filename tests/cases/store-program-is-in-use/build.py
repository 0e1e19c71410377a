"""Account setup: a Store app cannot be updated because the person's session already uses it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, report, tracked
from cases.outside_nine import store_app
from cases.outside_noise import lived, store
from cases.outside_page import account_setup, device_done, page_fails, ready

CODE = 0x80073D02
PACKAGE = "Contoso.TeamBoard_3.2.110.0_x64__2k8c0example"


def build(folder: Path) -> Path:
    m = Machine(
        "store-program-is-in-use",
        at(2026, 5, 27, 7, 15),
        name="WS-1516",
        serial="WS-1516-B",
        zone="Europe/Madrid",
    )
    lived(m, 60)
    t = ready(m, apps=1)
    announced(m, t + 0.3, "Archive Tool")
    app(m, t + 0.5, "Archive Tool")
    device_done(m, t + 4, 1)
    s, name = t + 5, "Team Board"
    account_setup(m, s)
    announced(m, s + 0.5, name, phase="AccountSetup")
    store_app(m, s + 1, name, "9CONTOSOTB31", CODE - (1 << 32))
    store(m, s + 1.9, 404, CODE, PACKAGE, caller="svchost.exe,InstallService")
    report(m, s + 2.2, name, CODE, "Error")
    kept(m, name, exit_code=None, code=CODE, state=5000, user=m.id("user robin"))
    tracked(m, s + 2.3, name, 4, phase="AccountSetup", code=CODE)
    page_fails(m, s + 3, "AccountSetup.Apps", CODE)
    return m.as_zip(folder)

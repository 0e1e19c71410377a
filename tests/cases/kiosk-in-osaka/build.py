"""A Japanese kiosk goes well; updates fail once and come, texts are Japanese."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_hardware import chip
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready

UPDATE = "2026-02 x64 ベース システム用 Windows 11 Version 25H2 の累積更新プログラム (KB5077181)"


def build(folder: Path) -> Path:
    m = Machine(
        "kiosk-in-osaka",
        at(2026, 2, 8, 23, 50),
        zone="Asia/Tokyo",
        build="26200.7840",
        name="KIOSK-OSA04",
        serial="WS-1704-O",
    )
    lived(m, 9 * DAY + 30)
    chip(m, "NTC", "Nuvoton", "7.2.4.0")
    t = ready(m, "self")
    announced(m, t + 0.3, "受付システム", "Contoso Reader")
    app(m, t + 0.5, "受付システム")
    m.event(
        "installer",
        t + 2.4,
        1033,
        plain=["受付システム", "4.2.0", "1041", "0", "コントソ株式会社", "(NULL)", ""],
    )
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6, user=False)
    sign_out(m, end + 3)
    days(m, 1, 9)
    for day in (3, 4):
        m.event(
            "update",
            day * DAY + 90,
            20,
            2,
            errorCode=Code(0x80240438),
            updateTitle=UPDATE,
            updateGuid="{" + m.id("update") + "}",
            updateRevisionNumber=1,
        )
    m.event(
        "update",
        5 * DAY + 90,
        19,
        updateTitle=UPDATE,
        updateGuid="{" + m.id("update") + "}",
        updateRevisionNumber=1,
    )
    return m.as_zip(folder)

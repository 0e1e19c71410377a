"""All went well; silent encryption is undone each time because the recovery key cannot be saved in Entra."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_fifteen import key_not_saved
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "recovery-key-and-a-certificate-out-of-reach",
        at(2026, 4, 13, 6, 10),
        build="22631.5335",
        zone="Europe/Athens",
        name="WS-1505",
        serial="WS-1505-K",
    )
    lived(m, 3 * DAY + 200)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    sign_out(m, end + 30)
    days(m, 1, 4)
    for w in (t + 9, t + 70, DAY + 61, DAY + 300, 2 * DAY + 55, 3 * DAY + 62):
        key_not_saved(m, w, 0x80072F9A)
    return m.as_collection(folder)

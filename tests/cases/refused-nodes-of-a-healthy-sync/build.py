"""The service asks for nodes that are not there; all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "refused-nodes-of-a-healthy-sync",
        at(2026, 3, 31, 6, 30),
        name="WS-3102",
        serial="WS-3102-B",
        build="22631.5039",
    )
    lived(m, 9 * DAY)
    t = ready(m)
    for n in range(40):
        m.event(
            "dm",
            t + 0.2 + n * 0.05,
            404,
            2,
            Message1=m.enrolment,
            Message2="MDMDeviceWithAAD",
            Message3="DMClient",
            InternalCmdType=6,
            Message5=f"./Device/Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/Poll{n}",
            HexInt1=Code(0x86000002),
        )
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    sign_out(m, end + 25)
    days(m, 1, 9)
    return m.as_collection(folder)

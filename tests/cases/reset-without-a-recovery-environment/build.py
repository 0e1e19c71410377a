"""A remote Autopilot Reset cannot begin."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready
from cases.outside_stages import sync


def build(folder: Path) -> Path:
    m = Machine(
        "reset-without-a-recovery-environment",
        at(2025, 11, 3, 8, 0),
        name="WS-5940",
        serial="WS-5940-K",
        build="22631.4317",
    )
    lived(m, 25 * DAY)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 6)
    days(m, 1, 25)
    for n in range(3):
        w = 24 * DAY + 90 + n * 30
        sync(m, w)
        m.event(
            "dm",
            w + 0.05,
            404,
            2,
            Message1=m.enrolment,
            Message2="MDMDeviceWithAAD",
            Message3="RemoteWipe",
            InternalCmdType=3,
            Message5="./Device/Vendor/MSFT/RemoteWipe/AutomaticRedeployment/doAutomaticRedeployment",
            HexInt1=Code(0x80070032),
        )
    m.text(
        "reagentc.txt",
        "Windows Recovery Environment (Windows RE) and system reset configuration\nInformation:\n\n"
        "    Windows RE status:         Disabled\n    Windows RE location:       \n\nREAGENTC.EXE: Operation Successful.\n",
    )
    return m.as_zip(folder)

"""A deployment goes well; policies in audit write what they would have blocked."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready
from cases.outside_seven import blocked_by_integrity, laps_cycle, surface_rule

RULE = "d1e49aac-8f56-4280-b9ba-993a6d77406c"


def build(folder: Path) -> Path:
    m = Machine(
        "audits-that-block-nothing",
        at(2026, 5, 11, 8, 0),
        zone="Europe/Oslo",
        build="26200.7462",
        name="WS-6203",
        serial="WS-6203-W",
    )
    lived(m, 4 * DAY + 90)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    for n, name in enumerate(("Archive Tool", "Contoso Reader")):
        staged = rf"\Device\HarddiskVolume3\Windows\IMECache\{m.id(name)}_1\setup.exe"
        blocked_by_integrity(m, t + 1.3 + n * 2.5, 3076, staged, "Contoso Workstations Audit")
        surface_rule(
            m,
            t + 1.4 + n * 2.5,
            1122,
            RULE,
            path=r"C:\Windows\System32\cmd.exe",
            process=r"C:\Windows\System32\wbem\WmiPrvSE.exe",
        )
        app(m, t + 0.5 + n * 2.5, name)
    end = finish(m, t + 6)
    m.event("bitlocker", end + 2, 845)
    laps_cycle(m, end + 5)
    sign_out(m, end + 40)
    days(m, 1, 5)
    return m.as_folder(folder)

"""The status page is switched off for both parts; apps come when the desktop is there."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import after_the_page
from cases.outside_noise import days, lived
from cases.outside_page import PRODUCT, desktop, msi
from cases.outside_seven import starts
from cases.outside_stages import boot, enrol, first_sync, join, profile, sync
from cases.outside_ten import checks_in


def build(folder: Path) -> Path:
    m = Machine(
        "no-status-page-by-setting",
        at(2026, 4, 13, 6, 45),
        build="26100.8037",
        zone="Europe/Brussels",
        name="WS-8109",
        serial="WS-8109-J",
    )
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    enrol(m, 3)
    first_sync(m, 60, SkipDeviceStatusPage=0xFFFFFFFF, SkipUserStatusPage=0xFFFFFFFF)
    m.event("winlogon", 4, 7001, TSId=1, UserSid=m.sid())
    desktop(m, 4.5)
    msi(m, 6, PRODUCT, "IntuneWindowsAgent.msi")
    starts(m, 8)
    for n in range(3):
        sync(m, 9 + n * 10)
    after_the_page(m, 12, "Archive Tool")
    after_the_page(m, 16, "Contoso Reader")
    checks_in(m, 40, 3)
    days(m, 1, 3)
    lived(m, 3 * 1440.0)
    return m.as_collection(folder)

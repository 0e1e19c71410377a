"""A shared PC whose page is for the device alone."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import policy_number
from cases.outside_noise import days, lived
from cases.outside_page import device_done, ready
from cases.outside_stages import boot, first_sync, halt, sync


def build(folder: Path) -> Path:
    m = Machine(
        "three-people-and-one-shared-pc",
        at(2026, 2, 9, 7, 0),
        build="26100.4946",
        name="WS-6039",
        serial="WS-6039-S",
    )
    t = ready(m, "self", apps=2)
    first_sync(m, 60, SkipUserStatusPage=0xFFFFFFFF)
    policy_number(m, t + 0.2, "SharedPC", "EnableSharedPCMode", 1)
    m.key(r"software\microsoft\windows\currentversion\sharedpc\nodevalues", **{"00": 1, "18": 1})
    announced(m, t + 0.4, "Archive Tool", "Contoso Reader")
    app(m, t + 0.6, "Archive Tool")
    app(m, t + 4, "Contoso Reader", 3010)
    device_done(m, t + 8, 2)
    first_sync(m, 60, SkipUserStatusPage=0xFFFFFFFF, IsSyncDone=1, WasDeviceSuccessfullyProvisioned=1)
    m.event("shell", t + 8.2, 62405, Result="exitCxhSuccess")
    for day, who in ((1, "sam"), (2, "kit"), (3, "robin"), (4, "sam")):
        boot(m, day * DAY)
        m.event("winlogon", day * DAY + 3, 7001, TSId=1, UserSid=m.sid(who))
        sync(m, day * DAY + 6)
        m.event("winlogon", day * DAY + 200, 7002, TSId=1, UserSid=m.sid(who))
        halt(m, day * DAY + 300)
    days(m, 5, 12)
    lived(m, 12 * DAY)
    return m.as_zip(folder)

"""A Cloud PC: no Autopilot profile, and none is wanted."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_eight import after_the_page, system_report
from cases.outside_noise import days, lived
from cases.outside_page import PRODUCT, msi
from cases.outside_stages import boot, empty, enrol, first_sync, join


def build(folder: Path) -> Path:
    m = Machine(
        "cloud-pc-without-a-profile",
        at(2026, 4, 2, 5, 0),
        build="26100.6584",
        name="CPC-robin-4QX7T",
        serial="0000-0010-6038-2211",
        fresh="CPC-robin-4QX7T",
    )
    boot(m, -4)
    empty(m, 0)
    join(m, 2.2, token=False)
    enrol(m, 3)
    first_sync(m, 60, SkipDeviceStatusPage=0xFFFFFFFF, SkipUserStatusPage=0xFFFFFFFF, IsSyncDone=1)
    msi(m, 3.8, PRODUCT, "IntuneWindowsAgent.msi")
    after_the_page(m, 6.3, "Archive Tool")
    after_the_page(m, 9, "Contoso Reader")
    m.event("winlogon", 0.4 * DAY, 7001, TSId=2, UserSid=m.sid())
    days(m, 1, 9)
    lived(m, 9 * DAY)
    processor = "AMD EPYC 7763 64-Core Processor, 2445 Mhz, 2 Core(s), 4 Logical Processor(s)"
    system_report(m, "Microsoft Corporation", "Cloud PC Enterprise 4vCPU/16GB/128GB", processor, "16.0 GB")
    return m.as_folder(folder)

"""A domain PC whose automatic enrolment a group policy forbids."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_files import write_reg
from cases.outside_stages import boot, halt


def build(folder: Path) -> Path:
    m = Machine(
        "group-policy-forbids-enrolment",
        at(2026, 5, 11, 6, 50),
        build="19045.5965",
        zone="Europe/Helsinki",
        fresh="WS-4471",
    )
    for day in range(4):
        t = day * DAY
        boot(m, t)
        m.event("winlogon", t + 2, 7001, TSId=1, UserSid=m.sid())
        for n in range(2):
            m.event("enrol", t + 7 + n * 240, 76, 2, HexInt1=Code(1), HRESULT=Code(0x80180026))
        halt(m, t + 540)
    m.event("join", 3, 306)
    policy = {
        r"SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\MDM": {
            "DisableRegistration": 1,
            "AutoEnrollMDM": 1,
            "UseAADCredentialType": 1,
        }
    }
    m.texts["Policies.reg"] = write_reg(policy)
    return m.as_folder(folder)

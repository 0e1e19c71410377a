"""Device preparation that goes well on a Japanese machine, with all the noise of the v2 host."""

from __future__ import annotations

from pathlib import Path

from cases.outside import SETTINGS, Code, Machine, at
from cases.outside_agent import ended, kept, loads, looks, report, runs
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import desktop
from cases.outside_preparation import begins, progress, result


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-well-in-tokyo",
        at(2026, 8, 24, 1, 5),
        name="\u6771\u4eac-PC-014",
        serial="JP-0140-T",
        build="26200.6899",
        zone="Asia/Tokyo",
    )
    t = begins(m)
    for n in range(9):
        m.event("autopilot", t + n * 0.4, 417 if n % 2 else 418, 3)
    m.event(
        "service", t + 1, 1005, 2, HRESULT=Code(0x80070002), File="filestore.cpp", Line=40, Message="Open"
    )
    for n, name in enumerate(("\u7d4c\u8cbb\u7cbe\u7b97", "\u65e5\u672c\u8a9e\u5165\u529b\u8f9e\u66f8")):
        w = t + 2 + n * 3
        looks(m, w, name)
        loads(m, w + 0.1, name)
        runs(m, w + 0.8, name)
        ended(m, w + 2, 0)
        report(m, w + 2.1, name, 0, "Success")
        kept(m, name, exit_code=0, code=0, state=1000)
        m.set(rf"{SETTINGS}\DevicePreparation\BootstrapperAgent", "ResumeContext.ProvisioningResult", "0")
    progress(
        m,
        ("Policies", 1, 0),
        ("\u7d4c\u8cbb\u7cbe\u7b97", 1, 0),
        ("\u65e5\u672c\u8a9e\u5165\u529b\u8f9e\u66f8", 1, 0),
    )
    result(m, t + 9, 401, 0, agent=0, page=0)
    m.event("winlogon", t + 10, 7001, TSId=1, UserSid=m.sid())
    desktop(m, t + 11)
    sign_out(m, t + 30)
    days(m, 1, 9)
    lived(m, 9 * 1440.0)
    return m.as_zip(folder)

"""Device preparation: the service says that the device is not registered, as it has to; what fails is an app."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at, compact
from cases.outside_agent import wrapped
from cases.outside_noise import lived
from cases.outside_preparation import begins, progress, result
from cases.outside_twelve import beside_the_page

ANSWER = {"ErrorCode": 807, "ErrorReason": "ZtdDeviceIsNotRegistered"}


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-answered-807-and-an-app-fails",
        at(2026, 10, 27, 9, 0),
        build="26200.6901",
        zone="Europe/Amsterdam",
        name="WS-8323",
        serial="WS-8323-Y",
    )
    lived(m, 35)
    t = begins(m)
    _without_the_empty_answer(m)
    missing = {"HRESULT": Code(0x80070490)}
    m.event("autopilot", 0.3, 709, 3, **missing, Message1=compact(ANSWER))
    m.event("autopilot", 0.31, 707, 2, **missing, Message1="DdsZtdPolicyManager", Message2=m.id("vector"))
    m.event("autopilot", 0.32, 314, 3)
    stored = {**ANSWER, "PolicyDownloadDate": f"{m.clock(0.3):%Y-%m-%dT%H:%M:%SZ}"}
    m.text("AutopilotDDSZTDFile.json", compact(stored), "utf-16")
    beside_the_page(m, t + 1, "Archive Tool", 0)
    beside_the_page(m, t + 4, "Payroll Agent", 1638)
    code = wrapped(1638)
    progress(
        m,
        ("Policies", 1, 0),
        ("Archive Tool", 1, 0),
        ("Payroll Agent", 4, code - (1 << 32)),
        ("Contoso Reader", 0, 0),
    )
    result(m, t + 6.4, 401, code, agent=code, page=code)
    return m.as_zip(folder)


def _without_the_empty_answer(m: Machine) -> None:
    """The service answers with a code here: nothing is stored as an empty profile."""
    m.rows = [row for row in m.rows if row[2] != "autopilot" or row[3].event_id not in (702, 704, 161, 162)]

"""The clock is seven weeks ahead and set right before the profile comes; what stops the deployment is a right."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, Signed, at
from cases.outside_noise import collector, corrected, first_hours
from cases.outside_stages import boot, profile
from cases.outside_twelve import turned_away


def build(folder: Path) -> Path:
    m = Machine(
        "seven-weeks-ahead-and-not-allowed",
        at(2026, 2, 17, 9, 0),
        build="22631.5909",
        zone="Europe/Bucharest",
        name="WS-8318",
        serial="WS-8318-T",
    )
    corrected(m, -0.2, 49 * DAY)
    first_hours(m, -7)
    boot(m, -4)
    m.event("autopilot", -0.5, 705, Message1="DdsZtdPolicyManager")
    m.event("autopilot", -0.49, 164)
    failed = {"HRESULT": Code(0x80072F8F)}
    m.event("autopilot", -0.45, 710, 2, **failed, Message1="https://ztd.dds.microsoft.com")
    m.event("autopilot", -0.449, 706, 3, **failed, Message1="DdsZtdPolicyManager", Message2=m.id("vector"))
    m.event("autopilot", -0.44, 750, 2)
    times = {"ServerTime": "02/17/2026 08:59:46", "ClientTime": "04/07/2026 08:59:46"}
    m.event("autopilot", -0.21, 753, 3, **times, AttemptNumber=Signed(1), MaxAttempts=Signed(3))
    m.event("autopilot", -0.1, 751)
    profile(m, 0)
    for n in range(2):
        turned_away(m, 2.2 + n * 8, 0x80180003, "s:Authorization", "User is not authorized to enroll")
    collector(m, 24.9)
    m.collected = 25
    return m.as_zip(folder)

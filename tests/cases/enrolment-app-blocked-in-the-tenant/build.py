"""Somebody has blocked the sign-in to the enrolment application."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import enrolment_ends
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile

SAYS = (
    "Code: unauthorized_client; AADSTS7000112: Application 'd4ebce55-015a-49b5-a083-c84d1797ae8c'(Microsoft Intune "
    "Enrollment) is disabled. Resource: https://enrollment.manage.microsoft.com/"
)


def build(folder: Path) -> Path:
    m = Machine(
        "enrolment-app-blocked-in-the-tenant",
        at(2026, 6, 9, 12, 5),
        build="22631.5472",
        name="WS-6026",
        serial="WS-6026-F",
    )
    lived(m, 25)
    boot(m, -4)
    profile(m, 0)
    for n in range(2):
        t = 3 + n * 7
        join(m, t - 0.8)
        m.event(
            "aad",
            t,
            1098,
            2,
            Error=0xCAA20003,
            ErrorMessage="Authorization grant failed for this assertion.",
            AdditionalInformation=SAYS,
        )
        enrolment_ends(m, t + 0.1, 0x80180002, 0xCAA20003)
        leave(m, t + 1)
    return m.as_zip(folder)

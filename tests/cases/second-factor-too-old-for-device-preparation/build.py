"""Device preparation: enrolment asks for a second factor that has just been given and counts as too old."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, Machine, at
from cases.outside_eight import enrolment_ends
from cases.outside_noise import lived
from cases.outside_stages import boot, empty, join, leave

SAYS = (
    "Code: interaction_required; AADSTS50078: Presented multi-factor authentication has expired due to policies "
    "configured by your administrator, you must refresh your multi-factor authentication to access "
    "'d4ebce55-015a-49b5-a083-c84d1797ae8c'. Resource: https://enrollment.manage.microsoft.com/"
)


def build(folder: Path) -> Path:
    m = Machine(
        "second-factor-too-old-for-device-preparation",
        at(2026, 1, 14, 9, 0),
        build="26200.7623",
        name="WS-7024",
        serial="WS-7024-M",
    )
    lived(m, 40)
    boot(m, -4)
    empty(m, 0)
    m.key(CACHE, AutopilotDevicePrepHint=11)
    for n in range(2):
        t = 3 + n * 8
        join(m, t - 0.8)
        m.event(
            "aad",
            t,
            1098,
            2,
            Error=0xCAA2000C,
            ErrorMessage="The request requires user interaction.",
            AdditionalInformation=SAYS,
        )
        enrolment_ends(m, t + 0.1, 0x80180002, 0xCAA2000C)
        leave(m, t + 1)
    return m.as_zip(folder)

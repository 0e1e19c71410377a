"""The enrolment application asks for an assignment that the user does not have."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import enrolment_ends
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile

SAYS = (
    "Code: invalid_grant; AADSTS50105: Your administrator has configured the application Microsoft Intune Enrollment "
    "('d4ebce55-015a-49b5-a083-c84d1797ae8c') to block users unless they are specifically granted ('assigned') access to "
    "the application. The signed in user 'robin@contoso.com' is blocked because they are not a direct member of a group with "
    "access. Resource: https://enrollment.manage.microsoft.com/"
)


def build(folder: Path) -> Path:
    m = Machine(
        "enrolment-app-wants-an-assignment",
        at(2026, 6, 2, 12, 5),
        build="26100.7840",
        zone="America/Toronto",
        name="WS-1110",
        serial="WS-1110-K",
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

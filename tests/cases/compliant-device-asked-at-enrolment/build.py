"""Conditional Access wants a compliant device before there is one."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile, screen

SAYS = (
    "Code: interaction_required; AADSTS53000: Device is not in required device state: compliant. Conditional Access policy "
    "requires a compliant device, and the device is not compliant. The user must enroll their device with an approved MDM "
    "provider like Intune. Resource: https://enrollment.manage.microsoft.com/"
)


def build(folder: Path) -> Path:
    m = Machine(
        "compliant-device-asked-at-enrolment",
        at(2026, 4, 14, 1, 5),
        zone="Asia/Tokyo",
        build="22631.5189",
        name="WS-5390",
        serial="WS-5390-P",
    )
    lived(m, 25)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    for n in range(2):
        t = 3 + n * 5
        m.event(
            "aad",
            t,
            1098,
            2,
            Error=0xCAA2000C,
            ErrorMessage="The request requires user interaction.",
            AdditionalInformation=SAYS,
        )
        m.event("enrol", t + 0.1, 4)
        m.event("enrol", t + 0.2, 53, 2, HRESULT=Code(0xCAA2000C))
        m.event("enrol", t + 0.3, 71, 2, HRESULT=Code(0x80180002))
        screen(m, t + 0.4, "CDJUIError", "80180002")
        screen(m, t + 0.41, "CDJUIShowPage", "idErrorPage")
    leave(m, 9)
    return m.as_zip(folder)

"""Conditional Access blocks the token for enrolment."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile, screen


def build(folder: Path) -> Path:
    m = Machine("conditional-access-at-enrolment", at(2026, 2, 25, 8, 35), name="WS-3923", serial="WS-3923-Y")
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
            Error=0xCAA20004,
            ErrorMessage="The request needs to be approved by a resource owner or authorization server.",
            AdditionalInformation="Code: access_denied; AADSTS53003: Access has been blocked by Conditional Access policies. The access "
            "policy does not allow token issuance. Resource: https://enrollment.manage.microsoft.com/",
        )
        m.event("enrol", t + 0.1, 4)
        m.event("enrol", t + 0.2, 53, 2, HRESULT=Code(0xCAA20004))
        m.event("enrol", t + 0.3, 71, 2, HRESULT=Code(0x80180002))
        screen(m, t + 0.4, "CDJUIError", "80180002")
        screen(m, t + 0.41, "CDJUIShowPage", "idErrorPage")
    leave(m, 9)
    return m.as_zip(folder)

"""A hybrid domain PC: automatic enrolment asks for a second factor and nobody answers."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_stages import boot, halt


def build(folder: Path) -> Path:
    m = Machine(
        "second-factor-never-given",
        at(2026, 4, 7, 7, 0),
        build="22631.5189",
        zone="Europe/Lisbon",
        fresh="WS-4471",
    )
    words = (
        "AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new "
        "location, you must use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'. Trace "
        f"ID: {m.id('trace')} Correlation ID: {m.id('correlation')}"
    )
    for day in range(6):
        t = day * DAY
        boot(m, t)
        m.event("winlogon", t + 2, 7001, TSId=1, UserSid=m.sid())
        for n in range(3):
            w = t + 6 + n * 150
            m.event(
                "aad",
                w,
                1098,
                2,
                Error=Code(0xCAA2000C),
                ErrorMessage="The request requires user interaction.",
                AdditionalInformation=f"Code: interaction_required\nDescription: {words}\nTokenEndpoint: "
                "https://login.microsoftonline.com/common/oauth2/token",
            )
            m.event("enrol", w + 0.05, 76, 2, HexInt1=Code(1), HRESULT=Code(0x8018002A))
        halt(m, t + 560)
    m.event("join", 3, 306)
    return m.as_folder(folder)

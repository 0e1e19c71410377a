"""Hello is put off, tokens ask for a second factor: ordinary weeks after a deployment that went well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "hello-put-off-and-tokens-asked-again", at(2026, 2, 17, 8, 0), name="WS-3101", serial="WS-3101-A"
    )
    lived(m, 20 * DAY)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    for n in range(3):
        m.event(
            "aad",
            1.6 + n * 0.1,
            1098,
            2,
            Error=0xCAA2000C,
            ErrorMessage="The request requires user interaction.",
            AdditionalInformation="Code: interaction_required; AADSTS50076: multi-factor authentication is required",
        )
    end = finish(m, t + 6)
    m.event("hello", end + 1, 6045, 3, HRESULT=Code(0x801C044F))
    m.event("join", end + 2, 360, 3)
    sign_out(m, end + 40)
    days(m, 1, 19)
    for day in (4, 9, 15):
        m.event("hello", day * DAY + 45, 6045, 3, HRESULT=Code(0x801C044F))
        m.event(
            "aad",
            day * DAY + 46,
            1098,
            2,
            Error=0xCAA2000C,
            ErrorMessage="The request requires user interaction.",
            AdditionalInformation="Code: interaction_required; AADSTS50076",
        )
    return m.as_zip(folder)

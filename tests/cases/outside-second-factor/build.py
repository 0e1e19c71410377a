"""The second factor belongs to another provider."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_eighteen import aad
from cases.outside_noise import lived
from cases.outside_stages import ask_enrol, boot, join, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "outside-second-factor",
        at(2025, 4, 1, 12, 30),
        build="26100.3476",
        zone="America/Toronto",
        name="WS-3198",
        serial="WS-3198-D",
    )
    lived(m, 25)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    w = "AADSTS50158: External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges."
    for n in range(2):
        u = 3.0 + n * 6
        aad(
            m,
            u,
            0xCAA2000C,
            "The request requires user interaction.",
            f"Code: interaction_required\nDescription: {w}\nTrace ID: {m.id(f't{n}')}\nTokenEndpoint: https://login.microsoftonline.com/common/oauth2/token\nLogged at OAuthTokenRequestBase.cpp, line: 450, method: OAuthTokenRequestBase::ProcessOAuthResponse.",
        )
        m.event(
            "aad",
            u + 0.01,
            1097,
            3,
            Error=0xCAA90056,
            ErrorMessage="Renew token by the primary refresh token failed.",
            AdditionalInformation="Logged at RefreshTokenRequest.cpp, line: 148",
        )
        ask_enrol(m, u + 0.1)
        m.event("enrol", u + 2.4, 11, 2, HRESULT=Code(0x8018002A))
        m.event("enrol", u + 2.41, 71, 2, HRESULT=Code(0x8018002A))
        screen(m, u + 2.6, "CDJUIError", "8018002a")
        screen(m, u + 2.61, "CDJUIShowPage", "idErrorPage")
    return m.as_folder(folder)

"""The token broker complains about Microsoft's own applications all day; a deployment goes well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready

BROKER = (
    "Error: 0xCAA5001C Token broker operation failed. Operation name: GetTokenSilently, Error: -895352830 (0xcaa20002), "
    "Description: AADSTS65002: Consent between first party application 'e9c51622-460d-4d3d-952d-966a5b1da34c' and first "
    "party resource 'f2d19332-a09d-48c8-a53b-c49ae5502dfc' must be configured via preauthorization"
)
RENEW = "Error: 0xCAA90056 Renew token by the primary refresh token failed."


def build(folder: Path) -> Path:
    m = Machine(
        "token-broker-complains-on-a-good-device",
        at(2024, 11, 12, 8, 0),
        build="22631.4460",
        zone="Europe/Zurich",
        name="WS-7110",
        serial="WS-7110-B",
    )
    lived(m, 4 * DAY)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    sign_out(m, end + 30)
    days(m, 1, 4)
    for minute in (t + 8.5, end + 2, end + 9, DAY + 60, DAY + 200, 2 * DAY + 90, 3 * DAY + 75):
        m.event("aad", minute, 1097, 3, Error=0xCAA90056, ErrorMessage=RENEW, AdditionalInformation="")
        m.event(
            "aad", minute + 0.01, 1098, 2, Error=0xCAA5001C, ErrorMessage=BROKER, AdditionalInformation=""
        )
    return m.as_collection(folder)

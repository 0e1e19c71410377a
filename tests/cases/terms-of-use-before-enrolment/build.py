"""The token for enrolment is held back until terms are accepted that OOBE cannot show."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import enrolment_ends
from cases.outside_fifteen import interrupted
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile


def build(folder: Path) -> Path:
    m = Machine(
        "terms-of-use-before-enrolment",
        at(2026, 5, 12, 10, 45),
        build="26100.8037",
        name="WS-1512",
        serial="WS-1512-U",
        zone="Europe/Zurich",
    )
    words = (
        "Code: interaction_required\nDescription: AADSTS50158: External security challenge not satisfied. User will be "
        "redirected to another page or authentication provider to satisfy additional authentication challenges. Trace ID: "
        f"{m.id('trace')} Correlation ID: {m.id('correlation')}\nResource: https://enrollment.manage.microsoft.com/\n"
        "TokenEndpoint: https://login.microsoftonline.com/common/oauth2/token"
    )
    lived(m, 35)
    boot(m, -4)
    profile(m, 0)
    for n in range(3):
        t = 3 + n * 6
        join(m, t - 0.8)
        interrupted(m, t, words)
        enrolment_ends(m, t + 0.1, 0x80180002, 0xCAA2000C)
        leave(m, t + 1)
    return m.as_viewer(folder)

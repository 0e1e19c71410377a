"""Two requests for a certificate run into a time-out, the third is answered; all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready
from cases.outside_stages import sync
from cases.outside_twelve import scep


def build(folder: Path) -> Path:
    m = Machine(
        "certificate-at-the-third-request",
        at(2026, 3, 10, 8, 0),
        build="22631.5909",
        zone="Europe/Oslo",
        name="WS-8303",
        serial="WS-8303-C",
    )
    t = ready(m)
    for wait, code in ((0.6, 0x80072EE2), (3.6, 0x80072EE2), (6.6, 0)):
        sync(m, t + wait - 0.2)
        scep(m, t + wait, "ModelName_AC_" + m.id("scep")[:8], code)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 8)
    days(m, 1, 3)
    lived(m, 3 * 1440.0)
    return m.as_zip(folder)

"""Third-party CA: its answer to the SCEP request is well-formed for the server and refused by Windows."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, ready, state
from cases.outside_stages import sync

SERVER = "https://pki.contoso.com/scep/staff/pkiclient.exe"
LACKS = 0x80091006


def build(folder: Path) -> Path:
    m = Machine(
        "scep-answer-lacks-an-attribute",
        at(2026, 1, 14, 14, 0),
        zone="America/Denver",
        name="WS-8834",
        serial="WS-8834-R",
    )
    lived(m, 95)
    t = ready(m, apps=1)
    announced(m, t + 0.3, "Archive Tool")
    app(m, t + 0.5, "Archive Tool")
    for n in range(5):
        s = t + 3 + n * 11
        sync(m, s)
        m.event(
            "dm",
            s + 0.2,
            36,
            Message1="1.3.6.1.5.5.7.3.2",
            Message2=SERVER,
            Message3="",
            HexInt1=Code(2),
            HexInt2=Code(1),
        )
        m.event("dm", s + 0.25, 32, 2, HRESULT=Code(LACKS))
    page_fails(m, t + 60, "DeviceSetup.Certificates", 0x800705B4, timeout=True)
    parts = {
        **GOOD,
        "Certificates": ("inProgress", "Certificates (0 of 1 applied)"),
        "Apps": ("succeeded", "Apps (1 of 1 installed)"),
    }
    state(m, "DeviceSetup", "failed", "Time limit exceeded", **parts)
    return m.as_viewer(folder)

"""Device setup waits for a SCEP certificate whose root was never trusted."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, ready, state
from cases.outside_stages import sync

SERVER = "https://pki.fabrikam.example/certsrv/mscep/mscep.dll/pkiclient.exe"


def build(folder: Path) -> Path:
    m = Machine(
        "certificate-asked-for-before-its-root",
        at(2026, 6, 15, 7, 20),
        build="26100.7171",
        zone="Europe/Helsinki",
        name="WS-9043",
        serial="WS-9043-R",
        domain="fabrikam.example",
    )
    lived(m, 80)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool")
    app(m, t + 0.5, "Archive Tool")
    for n in range(5):
        s = t + 2 + n * 11
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
        m.event("dm", s + 0.3, 32, 2, HRESULT=Code(0x800B0109))
    page_fails(m, t + 60, "DeviceSetup.Certificates", 0x81036502, timeout=True)
    parts = {
        **GOOD,
        "Certificates": ("inProgress", "Certificates (0 of 1 applied)"),
        "Apps": ("succeeded", "Apps (1 of 1 installed)"),
    }
    state(m, "DeviceSetup", "failed", "Time limit exceeded", **parts)
    return m.as_cab(folder)

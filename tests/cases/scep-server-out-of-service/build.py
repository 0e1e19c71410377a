"""Device setup waits for a certificate whose server answers that it is out of service."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, ready, state
from cases.outside_stages import sync

SERVER = "https://ndes.contoso.com/certsrv/mscep/mscep.dll/pkiclient.exe"


def build(folder: Path) -> Path:
    m = Machine(
        "scep-server-out-of-service",
        at(2026, 1, 15, 8, 30),
        build="22631.4751",
        name="WS-2764",
        serial="WS-2764-Z",
    )
    lived(m, 85)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    for n in range(6):
        s = t + 1 + n * 9
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
        m.event("dm", s + 0.22, 32, 2, HRESULT=Code(0x801901F7))
    page_fails(m, t + 60, "DeviceSetup.Certificates", 0x81036502, timeout=True)
    parts = {
        **GOOD,
        "Certificates": ("inProgress", "Certificates (1 of 2 applied)"),
        "Apps": ("succeeded", "Apps (2 of 2 installed)"),
    }
    state(m, "DeviceSetup", "failed", "Time limit exceeded", **parts)
    return m.as_cab(folder)

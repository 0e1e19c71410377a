"""Office brings an MSI that holds Windows Installer."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, loads, looks, runs, says, tracked, verdict
from cases.outside_eighteen import hum
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "chat-installer-holds-msi",
        at(2023, 5, 8, 9, 0),
        build="22621.1635",
        zone="America/Denver",
        name="WS-2811",
        serial="WS-2811-M",
    )
    lived(m, 50)
    t = ready(m)
    hum(m, t + 0.1)
    n = "Contoso Reader"
    announced(m, t + 0.3, "Archive Tool", n)
    app(m, t + 0.5, "Archive Tool")
    msi = r"C:\Program Files\Microsoft Office\Updates\Download\PackageFiles\4A61F0B2-91D7-4C0E-8A43-6A3B8F5C1D20\Teams_windows_x64.msi"
    m.event("installer", t + 2.6, 1040, plain=[msi, "5120", "(NULL)", "(NULL)", "(NULL)", "(NULL)", ""])
    looks(m, t + 3, n)
    tracked(m, t + 3.1, n, 2)
    loads(m, t + 3.2, n)
    runs(m, t + 4, n)
    ended(m, t + 4.3, 1618)
    for k in range(3):
        says(m, t + 4.31 + 5 * k, f"[Win32App] Retry {k + 1} of 3 in 5 minutes")
        runs(m, t + 9.31 + 5 * k, n)
        ended(m, t + 9.5 + 5 * k, 1618)
    verdict(m, t + 19.6, n, 0x80070652)
    kept(m, n, exit_code=1618, code=0x80070652, state=5000)
    page_fails(m, t + 20, "DeviceSetup.Apps", 0x80070652)
    m.event(
        "installer",
        t + 23.5,
        1033,
        plain=[
            "Teams Machine-Wide Installer",
            "1.6.0.4472",
            "1033",
            "0",
            "Microsoft Corporation",
            "(NULL)",
            "",
        ],
    )
    m.event(
        "installer",
        t + 23.5,
        11707,
        plain=[
            "Product: Teams Machine-Wide Installer -- Installation completed successfully.",
            "(NULL)",
            "(NULL)",
            "(NULL)",
            "(NULL)",
            "(NULL)",
            "",
        ],
    )
    m.event("installer", t + 23.6, 1042, plain=[msi, "5120", "(NULL)", "(NULL)", "(NULL)", "(NULL)", ""])
    return m.as_zip(folder)

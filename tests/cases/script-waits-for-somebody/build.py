"""A platform script asks a question that nobody can answer."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DEVICE, Machine, at
from cases.outside_agent import script
from cases.outside_eight import BEGUN, runs_out
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import first_sync, sync


def build(folder: Path) -> Path:
    m = Machine(
        "script-waits-for-somebody",
        at(2026, 2, 5, 13, 10),
        build="26100.4946",
        name="WS-6028",
        serial="WS-6028-H",
    )
    lived(m, 45)
    t = ready(m)
    script(m, t + 0.5, "Set region", 0)
    script(m, t + 1, "Map printers", None)
    for n in range(3):
        sync(m, t + 4 + n * 8)
    runs_out(m, t + 29, "DeviceSetup.Apps", Apps=BEGUN)
    first_sync(m, 30, WasDeviceSuccessfullyProvisioned=0)
    path = rf"software\microsoft\intunemanagementextension\Policies\{DEVICE}"
    m.key(rf"{path}\{m.id('Set region')}", Result="Success", DownloadCount=1, ErrorCode=0)
    m.key(rf"{path}\{m.id('Map printers')}", DownloadCount=1, InternalVersion=1)
    return m.as_zip(folder)

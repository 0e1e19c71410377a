"""Device preparation: a policy of the image forbids the agent's MSI."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CACHE, MSI, SETTINGS, Machine, at, compact
from cases.outside_eleven import msi_refused
from cases.outside_noise import lived
from cases.outside_page import PRODUCT
from cases.outside_preparation import result
from cases.outside_stages import boot, empty, enrol, join, sync


def build(folder: Path) -> Path:
    m = Machine(
        "installer-policy-stops-the-agent-of-device-preparation",
        at(2026, 6, 16, 9, 0),
        build="26100.8457",
        zone="Europe/Warsaw",
        name="WS-1122",
        serial="WS-1122-Y",
    )
    boot(m, -4)
    empty(m, 0)
    m.key(CACHE, AutopilotDevicePrepHint=11)
    join(m, 2.2)
    enrol(m, 3)
    for n in range(4):
        msi_refused(m, 3.6 + n * 6, PRODUCT, 0x80070659)
        sync(m, 5 + n * 6)
    m.key(rf"{MSI}\{PRODUCT}", Status=60, LastError=0x80070659)
    m.key(r"software\policies\microsoft\windows\installer", DisableMSI=2)
    result(m, 4.8, 400, 0x8000000A, agent=0, page=0)
    m.page(35, "DevicePrepPage_Timeout", "DevicePrepPage: page timed out", 0x800705B4)
    result(m, 35.1, 401, 0x800705B4, agent=0x8000000A, page=0x800705B4)
    key = rf"{SETTINGS}\DevicePreparation\BootstrapperAgent"
    m.key(key, ExecutionContext=compact({"PolicyId": m.id("policy"), "Providers": ["SLDM", "Sidecar"]}))
    lived(m, 60)
    return m.as_cab(folder)

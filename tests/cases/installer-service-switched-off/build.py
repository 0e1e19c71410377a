"""The agent's MSI fails, because the image has Windows Installer switched off."""

from __future__ import annotations

from pathlib import Path

from cases.outside import MSI, TRACKING, Code, Machine, at
from cases.outside_eight import service_off
from cases.outside_eleven import msi_refused
from cases.outside_noise import lived
from cases.outside_page import PRODUCT, part, state
from cases.outside_stages import boot, enrol, first_sync, join, profile, sync


def build(folder: Path) -> Path:
    m = Machine(
        "installer-service-switched-off",
        at(2026, 3, 30, 7, 30),
        build="22631.6345",
        zone="Europe/Athens",
        name="WS-1116",
        serial="WS-1116-R",
    )
    lived(m, 40)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    enrol(m, 3)
    part(m, 4, "DevicePreparation", "PolicyProviders")
    m.event("autopilot", 4.3, 287, Message1="Sidecar", Message2="DevicePreparation")
    for n in range(3):
        msi_refused(m, 4.6 + n * 4, PRODUCT, 0x80070641)
        sync(m, 6.5 + n * 4)
    m.event(
        "autopilot", 19.3, 289, 2, Message1="Sidecar", Message2="DevicePreparation", HRESULT=Code(0x800705B4)
    )
    m.key(rf"{MSI}\{PRODUCT}", Status=60, LastError=0x80070641)
    m.key(
        rf"{TRACKING}\Device\DevicePreparation\PolicyProviders\Sidecar",
        InstallationState=4,
        LastError=0x800705B4,
    )
    service_off(m, "msiserver")
    where = "BootstrapStatus: DevicePreparation.PolicyProvidersSubcategory"
    m.page(19.4, "UnifiedEnrollment_ProvisioningProgressPage_DevicePreparationFailed", where, 0x800705B4)
    first_sync(m, 60, WasDeviceSuccessfullyProvisioned=0)
    state(m, "DevicePreparation", "failed", "Error")
    return m.as_cab(folder)

"""A tablet in S mode: the agent may not be installed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import MSI, TRACKING, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_page import PRODUCT, msi, part, state
from cases.outside_stages import boot, enrol, join, profile, sync


def build(folder: Path) -> Path:
    m = Machine("tablet-in-s-mode", at(2026, 2, 17, 9, 0), name="WS-6022", serial="WS-6022-B")
    lived(m, 40)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    enrol(m, 3)
    part(m, 4, "DevicePreparation", "PolicyProviders")
    m.event("autopilot", 4.3, 287, Message1="Sidecar", Message2="DevicePreparation")
    for n in range(3):
        msi(m, 4.6 + n * 4, PRODUCT, "IntuneWindowsAgent.msi", code=0x80070659)
        sync(m, 6.5 + n * 4)
    m.event(
        "autopilot", 19.3, 289, 2, Message1="Sidecar", Message2="DevicePreparation", HRESULT=Code(0x800705B4)
    )
    m.key(rf"{MSI}\{PRODUCT}", Status=60, LastError=0x80070659)
    m.key(
        rf"{TRACKING}\Device\DevicePreparation\PolicyProviders\Sidecar",
        InstallationState=4,
        LastError=0x800705B4,
    )
    m.key(r"system\currentcontrolset\control\ci\policy", SkuPolicyRequired=1, EmodePolicyRequired=0)
    where = "BootstrapStatus: DevicePreparation.PolicyProvidersSubcategory"
    m.page(19.4, "UnifiedEnrollment_ProvisioningProgressPage_DevicePreparationFailed", where, 0x800705B4)
    state(m, "DevicePreparation", "failed", "Error")
    return m.as_zip(folder)

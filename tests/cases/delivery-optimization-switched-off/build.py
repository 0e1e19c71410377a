"""The Intune agent's MSI cannot be loaded, because Delivery Optimization is switched off on the image."""

from __future__ import annotations

from pathlib import Path

from cases.outside import MSI, TRACKING, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_page import PRODUCT, part, state
from cases.outside_stages import boot, enrol, first_sync, join, profile, sync

DISABLED = 0x80070422
URL = "https://content.example.com/IntuneWindowsAgent.msi"


def build(folder: Path) -> Path:
    m = Machine(
        "delivery-optimization-switched-off",
        at(2026, 6, 9, 7, 30),
        name="WS-2260",
        serial="WS-2260-D",
        build="22631.5335",
    )
    lived(m, 40)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    enrol(m, 3)
    part(m, 4, "DevicePreparation", "PolicyProviders")
    m.event("autopilot", 4.3, 287, Message1="Sidecar", Message2="DevicePreparation")
    for n in range(3):
        w = 4.4 + n * 4
        m.event("dm", w, 1905, Message1=PRODUCT, Message2=m.enrolment, Message3=URL)
        m.event(
            "dm",
            w + 0.02,
            1907,
            2,
            Message1=PRODUCT,
            Message2=m.enrolment,
            Message3=URL,
            Message4="DO",
            HRESULT=Code(DISABLED),
        )
        sync(m, w + 1)
    m.event(
        "autopilot",
        19.3,
        289,
        2,
        Message1="Sidecar",
        Message2="DevicePreparation",
        HRESULT=Code(0x800705B4),
    )
    m.key(
        rf"{MSI}\{PRODUCT}", Status=30, CurrentDownloadUrl=URL, ProductVersion="1.0.0.0", LastError=DISABLED
    )
    m.key(
        rf"{TRACKING}\Device\DevicePreparation\PolicyProviders\Sidecar",
        InstallationState=4,
        LastError=0x800705B4,
        Timeout=15,
    )
    m.key(
        r"system\currentcontrolset\services\DoSvc",
        Start=4,
        Type=0x20,
        ImagePath="svchost.exe -k NetworkService -p",
    )
    m.page(
        19.4,
        "UnifiedEnrollment_ProvisioningProgressPage_DevicePreparationFailed",
        "BootstrapStatus: DevicePreparation.PolicyProvidersSubcategory",
        0x800705B4,
    )
    first_sync(m, 60, WasDeviceSuccessfullyProvisioned=0)
    state(m, "DevicePreparation", "failed", "Error")
    return m.as_cab(folder)

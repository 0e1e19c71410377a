"""A device of an MDM that is not Intune; all well."""

from __future__ import annotations

from pathlib import Path

from cases import stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "enrolled-with-another-mdm",
        utc(2025, 4, 8, 9, 0),
        build="26100.3775",
        name="KST-0021",
        serial="KST-0021-A",
        domain="kestrel.example",
        provider="Kestrel MDM",
    )
    stages.boot(d, -1)
    stages.profile(d, 0)
    stages.join(d, 2)
    stages.enrol(d, 3)
    d.key(
        rf"{stages.ENROLMENT_KEY}\{d.enrollment}",
        DiscoveryServiceFullURL="https://mdm.kestrel.example/discovery.svc",
    )
    status_page.part_starts(d, 4, "DevicePreparation", "PolicyProviders")
    d.event("autopilot", 4.2, 291, Message1="Sidecar", Message2="DevicePreparation")
    d.key(
        rf"{stages.TRACKING}\Device\DevicePreparation\PolicyProviders\Sidecar",
        InstallationState=2,
        LastError=0,
        Timeout=15,
    )
    d.category("DevicePreparation", "succeeded")
    status_page.part_starts(d, 5, "DeviceSetup", *status_page.PARTS)
    stages.session(d, 5.1)
    stages.certificate(d, 5.3)
    status_page.device_done(d, 8, 0)
    status_page.account_setup(d, 9)
    status_page.account_done(d, 11)
    stages.desktop(d, 12)
    del d.registry[rf"HKEY_LOCAL_MACHINE\{stages.TRACKING}\{d.sid()}\Setup\Apps\PolicyProviders\Sidecar"]
    d.collected = 40
    return d.as_zip(folder)

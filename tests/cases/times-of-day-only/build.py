"""Status keys that hold a time of day and no date."""

from __future__ import annotations

from pathlib import Path

from cases import deployment, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "times-of-day-only",
        utc(2024, 5, 14, 7, 0),
        build="22631.3593",
        name="FAB-0555",
        serial="FAB-0555-R",
        domain="fabrikam.example",
    )
    t = deployment.until_setup(d, apps=0)
    uri = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/Device-Wired-8021x"
    for minute in (0.3, 11, 32, 58):
        d.value(
            rf"{stages.TRACKING}\ESPTrackingInfo\Diagnostics\ExpectedSCEPCerts\{d.true(t + minute):%H:%M:%S.417Z}",
            uri,
            0,
        )
    d.value(
        rf"{stages.TRACKING}\ESPTrackingInfo\Diagnostics\ExpectedPolicies\{d.true(t + 0.3):%H:%M:%S.417Z}",
        "./Vendor/MSFT/DMClient/Provider/MS DM Server/EntDMID",
        1,
    )
    d.key(rf"{stages.ENROLMENT_KEY}\{d.enrollment}\FirstSync", ExpectedSCEPCerts=f"{uri};1")
    status_page.page_fails(d, t + 60, "DeviceSetup.Certificates", 0x800705B4, timeout=True)
    d.category(
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        SecurityPolicies=status_page.FINE["SecurityPolicies"],
        Certificates=("inProgress", "Certificates (0 of 1 applied)"),
        NetworkConnections=("notStarted", "Network connections (Previous step failed)"),
        Apps=("notStarted", "Apps (Previous step failed)"),
    )
    d.silence("admin", "sync")
    d.collected = t + 75
    return d.as_cabinet(folder)

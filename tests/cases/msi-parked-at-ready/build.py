"""A line-of-business MSI was ordered and never begun."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "msi-parked-at-ready",
        utc(2026, 2, 24, 12, 10),
        build="22631.6060",
        name="CO-58803",
        serial="CO-58803-S",
        zone="Europe/Rome",
    )
    t = deployment.until_setup(d, apps=1)
    agent.app(d, t + 0.2, "Archive Tool")
    code = "{4E0E6D5B-31C4-4C0F-9E0A-5B7D20A4C711}"
    node = rf"software\microsoft\enterprisedesktopappmanagement\S-0-0-00-0000000000-0000000000-000000000-000\MSI\{code}"
    d.key(
        node,
        Status=10,
        DownloadInstall="Ready",
        CurrentDownloadUrl="https://content.example.com/LedgerDesk.msi",
        ProductVersion="8.2.0",
        LastError=0,
    )
    agent_node = node.replace(code, stages.PRODUCT)
    d.key(
        agent_node,
        Status=70,
        DownloadInstall="Installed",
        ProductVersion="1.101.109.0",
        CurrentDownloadUrl="https://content.example.com/IntuneWindowsAgent.msi",
        LastError=0,
    )
    uri = f"./Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/{code.replace('{', '%7B').replace('}', '%7D')}/DownloadInstall"
    for minute in (2, 20, 50):
        d.value(
            rf"{stages.TRACKING}\ESPTrackingInfo\Diagnostics\ExpectedMSIAppPackages\{d.true(t + minute):%Y-%m-%dT%H:%M:%S.120Z}",
            uri,
            0,
        )
        stages.session(d, t + minute)
    d.key(rf"{stages.ENROLMENT_KEY}\{d.enrollment}\FirstSync", ExpectedMSIAppPackages=f"{uri};1")
    status_page.page_fails(d, t + 60, "DeviceSetup.Apps", 0x800705B4, timeout=True)
    d.category(
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **status_page.FINE,
        Apps=("inProgress", "Apps (1 of 2 installed)"),
    )
    d.collected = t + 70
    return d.as_zip(folder)

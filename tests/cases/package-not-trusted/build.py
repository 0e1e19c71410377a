"""A line-of-business package whose root the device does not trust."""

from __future__ import annotations

from pathlib import Path

from cases.outside import ENROLMENTS, TRACKING, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_eighteen import hum, refused_node
from cases.outside_noise import lived, store
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "package-not-trusted",
        at(2025, 5, 19, 7, 20),
        build="26100.4061",
        zone="Europe/Madrid",
        name="WS-8045",
        serial="WS-8045-L",
    )
    lived(m, 60)
    t = ready(m)
    hum(m, t + 0.1)
    announced(m, t + 0.3, "Archive Tool")
    app(m, t + 0.5, "Archive Tool")
    pkg = "Contoso.Forms_4.2.0.0_x64__q7rz8w2m5k1xa"
    fam = "Contoso.Forms_q7rz8w2m5k1xa"
    for n in range(3):
        u = t + 2 + n * 8
        store(m, u, 404, 0x800B0109, pkg, caller="omadmclient.exe")
        m.event(
            "appx",
            u + 0.01,
            401,
            2,
            DeploymentOperation=1,
            PackageFullName=pkg,
            ErrorCode=Code(0x800B0109),
            CallingProcess="omadmclient.exe",
        )
        refused_node(
            m,
            u + 0.1,
            "EnterpriseModernAppManagement",
            f"./Device/Vendor/MSFT/EnterpriseModernAppManagement/AppInstallation/{fam}/HostedInstall",
            0x800B0109,
        )
    m.key(
        rf"{TRACKING}\ESPTrackingInfo\Diagnostics\ExpectedModernAppPackages\2025-05-19T07:26:30.100Z",
        **{f"./Device/Vendor/MSFT/EnterpriseModernAppManagement/AppManagement/AppStore/{fam}": 0},
    )
    m.key(
        rf"{ENROLMENTS}\{m.enrolment}\FirstSync",
        ExpectedModernAppPackages=f"./Device/Vendor/MSFT/EnterpriseModernAppManagement/AppManagement/AppStore/{fam};1",
    )
    page_fails(m, t + 20, "DeviceSetup.Apps", 0x800B0109)
    return m.as_zip(folder)

"""An app that the page does not wait for fails; the page runs out at a certificate."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, agent_comes, page_fails, part, state
from cases.outside_stages import boot, enrol, join, profile, sync
from cases.outside_twelve import beside_the_page, scep


def build(folder: Path) -> Path:
    m = Machine(
        "app-off-the-list-fails-while-a-certificate-is-missing",
        at(2026, 6, 16, 6, 45),
        build="26100.4652",
        zone="Europe/Helsinki",
        name="WS-8309",
        serial="WS-8309-J",
    )
    lived(m, 85)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    enrol(m, 3)
    agent_comes(m, 4, 1)
    part(m, 6, "DeviceSetup")
    announced(m, 6.3, "Archive Tool")
    app(m, 6.5, "Archive Tool")
    beside_the_page(m, 9, "Design Suite", 1603)
    for n in range(8):
        sync(m, 6.1 + n * 7)
        scep(m, 6.4 + n * 7, "ModelName_AC_" + m.id("scep")[:8], 0x80190194)
    m.key(
        rf"{TRACKING}\ESPTrackingInfo\Diagnostics\ExpectedSCEPCerts\2026-06-16T06:51:20.100Z",
        **{"./Vendor/MSFT/ClientCertificateInstall/SCEP/ModelName_AC_" + m.id("scep")[:8]: 0},
    )
    page_fails(m, 66, "DeviceSetup.Certificates", 0x800705B4, timeout=True)
    parts = {**GOOD, "Certificates": ("inProgress", "Certificates (0 of 1 applied)")}
    state(
        m,
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **parts,
        Apps=("succeeded", "Apps (1 of 1 installed)"),
    )
    return m.as_zip(folder)

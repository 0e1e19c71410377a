"""A SCEP certificate is refused thirty times in one page."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, agent_comes, page_fails, part, state
from cases.outside_stages import boot, enrol, join, profile


def build(folder: Path) -> Path:
    m = Machine("one-certificate-thirty-records", at(2026, 1, 20, 9, 0), name="WS-3309", serial="WS-3309-C")
    lived(m, 80)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    enrol(m, 3)
    agent_comes(m, 4)
    part(m, 6, "DeviceSetup")
    for n in range(30):
        t = 6.2 + n * 1.9
        m.event(
            "dm",
            t,
            36,
            Message1="Device",
            Message2="ModelName_AC_" + m.id("scep")[:8],
            Message3=m.enrolment,
            HexInt1=Code(0),
            HexInt2=Code(0),
        )
        m.event("dm", t + 0.05, 37)
        m.event("dm", t + 0.1, 32, 2, HRESULT=Code(0x80072EE7))
    m.key(
        r"software\microsoft\windows\autopilot\EnrollmentStatusTracking\ESPTrackingInfo\Diagnostics\ExpectedSCEPCerts"
        r"\2026-01-20T09:06:20.100Z",
        **{"./Vendor/MSFT/ClientCertificateInstall/SCEP/ModelName_AC_VpnDevice": 0},
    )
    announced(m, 6.4, "Archive Tool", "Contoso Reader")
    app(m, 6.5, "Archive Tool")
    app(m, 9, "Contoso Reader")
    page_fails(m, 66, "DeviceSetup.Certificates", 0x800705B4, timeout=True)
    parts = {**GOOD, "Certificates": ("inProgress", "Certificates (0 of 1 applied)")}
    state(
        m,
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **parts,
        Apps=("succeeded", "Apps (2 of 2 installed)"),
    )
    return m.as_zip(folder)

"""The health certificate never comes."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, Signed, at
from cases.outside_eighteen import hum, refused_node, two_good
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "health-certificate-never-comes",
        at(2023, 4, 18, 8, 0),
        build="22621.1555",
        zone="Europe/Amsterdam",
        name="HPS-450-11",
        serial="HPS-450-11",
    )
    lived(m, 3 * DAY + 120)
    t = ready(m)
    hum(m, t + 0.1)
    two_good(m, t)
    finish(m, t + 6)
    days(m, 1, 4)
    for u in (t + 9, DAY + 20, DAY + 400, 2 * DAY + 30, 3 * DAY + 40):
        m.event(
            "tpm",
            u,
            1538,
            3,
            HealthAttestationServer="https://has.spserv.microsoft.com/HealthAttestation/GetHealthCertificate/v1",
            HResult=Signed(0x80072F8F - (1 << 32)),
        )
        refused_node(m, u + 2, "HealthAttestation", "./Vendor/MSFT/HealthAttestation/Certificate", 0x86000002)
    return m.as_collection(folder)

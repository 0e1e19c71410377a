"""An AMD machine cannot reach the host that certifies its key."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_hardware import chip, not_attested
from cases.outside_noise import lived
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "attestation-host-out-of-reach", at(2025, 11, 18, 7, 20), name="DESKTOP-QH7T2RD", serial="WS-3103-C"
    )
    lived(m, 25)
    chip(m, "AMD", "AMD", "6.24.0.6")
    boot(m, -4)
    profile(m, 0, "self", name="Kiosks")
    not_attested(m, 1, 0x80072EE2)
    m.text(
        "CertReq_enrollaik_Output.txt",
        "GetCACaps\nGetCACaps: The operation timed out\n"
        "GET https://AMD-keyid-578c545f796951421221a4a578acdb5f682f89c8.microsoftaik.azure.net/templates/Aik/scep?operation=GetCACaps\n"
        "Method: GET(21047ms)\nStage: GetCACaps\nThe operation timed out 0x80072ee2 (WinHttp: 12002 ERROR_WINHTTP_TIMEOUT)\n",
    )
    return m.as_cab(folder)

"""Pre-provisioning behind a proxy that answers the request for an attestation key with a page of its own."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_hardware import chip, not_attested
from cases.outside_noise import lived
from cases.outside_stages import boot, profile

TEXT = """GetCACaps
GetCACaps: Forbidden
<html><head><title>Access denied</title></head>
<body><h1>Blocked by policy</h1></body></html>
HTTP/1.1 403 Forbidden
https://intc-keyid-17a00575.microsoftaik.azure.net/templates/Aik/scep
Forbidden (403). 0x80190193 (-2145844845 HTTP_E_STATUS_FORBIDDEN)
"""


def build(folder: Path) -> Path:
    m = Machine(
        "proxy-page-in-place-of-attestation",
        at(2026, 6, 9, 8, 40),
        build="26100.4061",
        zone="Europe/Madrid",
        name="WS-2207",
        serial="WS-2207-P",
    )
    lived(m, 30)
    chip(m, "INTC", "Intel", "600.18.0.0")
    m.text("CertReq_enrollaik_Output.txt", TEXT)
    boot(m, -4)
    profile(m, 0, "seal", name="Staff laptops")
    end = not_attested(m, 1, 0x80190193)
    m.page(end + 0.02, "CommercialOOBE_ESPProgress_Failure", "")
    return m.as_cab(folder)

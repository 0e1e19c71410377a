"""Pre-provisioning: the attestation service answers that no valid certificate of the chip came with the request."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_hardware import chip, not_attested
from cases.outside_noise import lived
from cases.outside_stages import boot, profile

TEXT = """GetCACaps
GetCACaps: OK
PKIOperation
PKIOperation: Bad Request
{"Message":"No valid TPM EK/Platform Certificate provided in the TPM identity request message."}
HTTP/1.1 400 Bad Request
POST https://IFX-keyid-0f0f0f0f.microsoftaik.azure.net/templates/Aik/scep?operation=PKIOperation
Method: POST(911ms)
Stage: PKIOperation
Bad request (400). 0x80190190 (-2145844848 HTTP_E_STATUS_BAD_REQUEST)
"""


def build(folder: Path) -> Path:
    m = Machine(
        "maker-certificate-is-not-in-the-request",
        at(2026, 4, 1, 11, 30),
        build="22631.6199",
        zone="Europe/Amsterdam",
        name="DESKTOP-QH7T2RD",
        serial="WS-7015-I",
    )
    lived(m, 25)
    chip(m, "IFX", "Infineon", "15.22.16430.1")
    m.text("CertReq_enrollaik_Output.txt", TEXT)
    boot(m, -4)
    profile(m, 0, "seal")
    not_attested(m, 1, 0x80190190)
    return m.as_cab(folder)

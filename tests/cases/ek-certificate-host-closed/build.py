"""The chip's EK certificate cannot be fetched."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_hardware import not_attested
from cases.outside_noise import lived
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "ek-certificate-host-closed", at(2026, 2, 4, 10, 10), name="DESKTOP-QH7T2RD", serial="WS-3512-M"
    )
    lived(m, 25)
    boot(m, -4)
    profile(m, 0, "seal")
    m.event("autopilot", 1.05, 209)
    m.event("autopilot", 1.06, 210, 3)
    not_attested(m, 1, 0x80072EE7)
    m.text(
        "TpmHliInfo_Output.txt",
        "-TPM Present: True\n-TPM Version: 2.0\n-TPM Manufacturer ID: INTC\n-TPM Manufacturer Full Name: Intel\n"
        "-TPM Manufacturer Version: 600.18.39.0\n-Is Initialized: True\n-Ready For Storage: True\n-Ready For Attestation: False\n"
        "-Is Capable For Attestation: False-NoValidEkCert\n-TPM Has Vulnerable Firmware: False\n",
    )
    m.text(
        "CertReq_enrollaik_Output.txt",
        "GET https://ekop.intel.com/ekcertservice/fXk2Zm9vYmFyLWV4YW1wbGU%3D\nThe server name or address could not be resolved "
        "0x80072ee7 (WinHttp: 12007 ERROR_WINHTTP_NAME_NOT_RESOLVED)\n",
    )
    return m.as_cab(folder)

"""Pre-provisioning: the hardware is secured, the join is refused because the chip's firmware is too old."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at, compact
from cases.outside_hardware import attest, chip
from cases.outside_noise import lived
from cases.outside_stages import ask_join, boot, profile

REFUSED = 0x801C0003


def build(folder: Path) -> Path:
    m = Machine(
        "firmware-of-the-chip-refused-at-the-join",
        at(2026, 3, 3, 7, 45),
        build="19045.5608",
        zone="Europe/Stockholm",
        serial="WS-0820-G",
    )
    boot(m, -4)
    profile(m, 0, "seal")
    attest(m, 0.6)
    m.event("autopilot", 1.52, 181, State=1, HRESULT=Code(0))
    m.event("autopilot", 1.6, 179, State=3)
    ask_join(m, 1.7, token=False)
    m.event("join", 1.86, 103, AuthToken="")
    answer = {
        "Code": "AuthorizationError",
        "SubCode": "MsaTicketTpmValidationFailed",
        "Operation": "DeviceJoin",
        "RequestId": m.id("request"),
    }
    m.event(
        "join",
        1.95,
        204,
        2,
        ExitCode=Signed(REFUSED - (1 << 32)),
        ActivityId=m.id("join"),
        HttpStatus=401,
        ServerResponse=compact(answer),
    )
    m.event("join", 1.951, 205, 2, ExitCode=Signed(REFUSED - (1 << 32)))
    m.event("autopilot", 2, 180, 2, State=3, HRESULT=Code(REFUSED))
    m.event("autopilot", 2.01, 301, 2, State=3, HRESULT=Code(REFUSED))
    chip(m, "IFX", "Infineon", "7.40.2098.0")
    m.text(
        "CertReq_enrollaik_Output.txt",
        "GetCACaps: OK\n"
        + compact(
            {
                "Message": "Attestation statement cannot be verified, rejecting request. TPM firmware needs update."
            }
        )
        + "\nHTTP/1.1 400 Bad Request\nContent-Type: application/json; charset=utf-8\nMethod: POST(1312ms)\n"
        "Stage: SubmitDone\nBad request (400). 0x80190190 (-2145844848 HTTP_E_STATUS_BAD_REQUEST)\n",
    )
    lived(m, 20)
    return m.as_cab(folder)

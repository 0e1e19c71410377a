"""The task for the attestation key complains on a healthy device."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_eighteen import hum, two_good
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "attestation-key-task-complains",
        at(2025, 1, 13, 7, 10),
        build="26100.2894",
        zone="Europe/Paris",
        name="WS-0914",
        serial="WS-0914-I",
    )
    lived(m, 4 * DAY + 100)
    t = ready(m)
    hum(m, t + 0.1)
    two_good(m, t)
    finish(m, t + 6)
    days(m, 1, 5)
    url = "https://IFX-KeyId-4E1F8C22A0D9.microsoftaik.azure.net/templates/Aik/scep"
    for day in range(5):
        u = -3 if not day else day * DAY + (day * 11) % 37 + 2
        who = r"WORKGROUP\DESKTOP-QH7T2RD$" if not day else r"WORKGROUP\WS-0914$"
        m.event(
            "certenroll",
            u,
            86,
            2,
            Context=who,
            Url=url,
            Response="",
            Method="GET(0ms)",
            Stage="GetCACaps",
            ErrorCode="The server name or address could not be resolved 0x80072ee7 (INet: 12007 ERROR_INTERNET_NAME_NOT_RESOLVED)",
        )
        for n in range(2):
            m.event(
                "certenroll",
                u + 1.5 + n * 3,
                87,
                2,
                Context=who,
                Url=url,
                Response="",
                Method="POST(312ms)",
                Stage="SubmitDone",
                ErrorCode="TPM 2.0: Public and sensitive portions of an object are not cryptographically bound. 0x802800a5 (-2144862043 TPM_20_E_BINDING)",
            )
    return m.as_zip(folder)

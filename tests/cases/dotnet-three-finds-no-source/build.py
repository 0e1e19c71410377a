"""Device setup: a feature of Windows cannot be switched on because its files are found nowhere."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import policy_text
from cases.outside_eleven import second_app_fails
from cases.outside_noise import lived
from cases.outside_page import ready


def build(folder: Path) -> Path:
    m = Machine(
        "dotnet-three-finds-no-source",
        at(2026, 1, 27, 9, 50),
        build="26100.7623",
        zone="America/Toronto",
        name="WS-1515",
        serial="WS-1515-N",
    )
    lived(m, 40)
    t = ready(m)
    policy_text(m, t + 0.1, "Update", "UpdateServiceUrl", "http://wsus.corp.contoso.com:8530")
    second_app_fails(m, t, "NET Framework 3.5", -2146498529, 0x800F081F, minutes=4)
    return m.as_folder(folder)

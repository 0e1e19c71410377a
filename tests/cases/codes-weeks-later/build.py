"""Codes of famous failures, written by other providers weeks after a deployment that went well."""

from __future__ import annotations

from pathlib import Path

from cases import deployment, noise
from cases.building import DAY, Device, Hex32, utc


def build(folder: Path) -> Path:
    d = Device(
        "codes-weeks-later",
        utc(2025, 5, 12, 8, 15),
        name="TR-0907",
        serial="TR-0907-X",
        domain="treyresearch.example",
    )
    deployment.whole(d)
    noise.life(d, 1, 40)
    for day, code in ((12, 0x80070490), (19, 0x800705B4), (26, 0x80070032), (33, 0x80180014)):
        d.event(
            "update",
            day * DAY + 90,
            20,
            2,
            errorCode=Hex32(code),
            updateRevisionNumber=1,
            updateTitle="2025-06 Cumulative Update for Windows 11 (KB5060842)",
            updateGuid="{" + d.guid("cumulative") + "}",
            serviceGuid="{" + d.guid("service") + "}",
        )
        d.event(
            "update",
            day * DAY + 300,
            19,
            updateTitle="2025-06 Cumulative Update for Windows 11 (KB5060842)",
            updateRevisionNumber=1,
            updateGuid="{" + d.guid("cumulative") + "}",
            serviceGuid="{" + d.guid("service") + "}",
        )
    d.event(
        "installer",
        21 * DAY,
        11708,
        4,
        unnamed=["Product: Contoso Reader 4.2 -- Installation failed.", "(NULL)"],
    )
    d.event("service", 28 * DAY, 7011, 2, param1="30000", param2="DoSvc")
    d.collected = 40 * DAY
    return d.as_collection(folder, flat=False)

"""Get-WinEvent piped to ConvertTo-Json and mailed: the user's number of devices is used up."""

from __future__ import annotations

import json
from pathlib import Path

from cases.outside import Machine, at
from cases.outside_seven import DM

SAYS = (
    (4, "Information", "MDM Enroll: Certificate policy request sent successfully."),
    (6, "Information", "MDM Enroll: Certificate policy response processed successfully."),
    (8, "Information", "MDM Enroll: Certificate enrollment request sent successfully."),
    (
        52,
        "Error",
        "MDM Enroll: Server Returned Fault/Code/Subcode/Value=(DeviceCapReached) Fault/Reason/Text=(User has reached the "
        "device limit of 5.).",
    ),
    (
        11,
        "Error",
        "MDM Enroll: Failed to receive or parse certificate enroll response. Result: (Unknown Win32 Error code: 0x80180013).",
    ),
    (71, "Error", "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180013)"),
)


def build(folder: Path) -> Path:
    m = Machine("events-by-convertto-json", at(2026, 2, 3, 13, 25))
    rows = []
    for k in range(2):
        for n, (number, level, message) in enumerate(SAYS):
            moment = round(m.clock(k * 4 + n * 0.05).timestamp() * 1000)
            rows.append(
                {
                    "TimeCreated": f"/Date({moment})/",
                    "Id": number,
                    "ProviderName": DM,
                    "LogName": f"{DM}/Admin",
                    "MachineName": m.name,
                    "LevelDisplayName": level,
                    "Message": message,
                }
            )
    path = folder / "events.json"
    path.write_text(
        "\ufeff" + json.dumps(rows[::-1], indent=4).replace("/Date(", "\\/Date(").replace(")/", ")\\/"),
        encoding="utf-16-le",
    )
    return path

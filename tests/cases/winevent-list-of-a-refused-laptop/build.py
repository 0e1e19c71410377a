"""Get-WinEvent piped to Format-List and mailed as text: a laptop that nobody registered is refused."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_fifteen import listed
from cases.outside_seven import DM

SAYS = (
    (4, "Information", "MDM Enroll: Certificate policy request sent successfully."),
    (6, "Information", "MDM Enroll: Certificate policy response processed successfully."),
    (8, "Information", "MDM Enroll: Certificate enrollment request sent successfully."),
    (
        11,
        "Error",
        "MDM Enroll: Failed to receive or parse certificate enroll response. Result: (Unknown Win32 Error code: 0x80180014).",
    ),
    (
        52,
        "Error",
        "MDM Enroll: Server Returned Fault/Code/Subcode/Value=(DeviceNotSupported) Fault/Reason/Text=(Device Identifier not "
        "preregistered).",
    ),
    (71, "Error", "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180014)"),
)


def build(folder: Path) -> Path:
    m = Machine("winevent-list-of-a-refused-laptop", at(2026, 2, 10, 15, 2))
    rows = [
        (m.clock(k * 9 + n * 0.05), number, level, message)
        for k in range(2)
        for n, (number, level, message) in enumerate(SAYS)
    ]
    path = folder / "dm-events.txt"
    path.write_text(listed(rows, DM, "America/Denver"), encoding="utf-16", newline="")
    return path

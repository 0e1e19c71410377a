"""What the seventh outside judge adds: logs of other providers, an event log saved as a list, the agent alone, reports."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cases.outside import Code, Machine
from cases.outside_agent import says

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
ENGLISH = ("Level", "Date and Time", "Source", "Event ID", "Task Category"), "%-m/%-d/%Y %-I:%M:%S %p"
GERMAN = ("Ebene", "Datum und Uhrzeit", "Quelle", "Ereignis-ID", "Aufgabenkategorie"), "%d.%m.%Y %H:%M:%S"
Row = tuple[datetime, int, str, str]
"""Instant, id, word of the level, message."""


def viewer_list(
    path: Path, rows: list[Row], language: tuple, zone: str, none: str = "None", *, of: str = DM
) -> Path:
    """A log as the Event Viewer saves it as CSV: newest first, local time, the message behind the named columns."""
    names, shape = language
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for at, number, level, message in sorted(rows, reverse=True):
        writer.writerow([level, at.astimezone(ZoneInfo(zone)).strftime(shape), of, number, none, message])
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    return path


def starts(m: Machine, t: float, version: str = "1.103.104.0") -> None:
    """The agent's first lines."""
    says(
        m,
        t,
        "EMS Agent Started",
        f"Agent version is: {version}",
        "[APv2] Device is in APv2 mode: False.",
        log="IntuneManagementExtension",
    )


def agent_folder(m: Machine, folder: Path) -> Path:
    """A folder with the agent's logs and nothing else."""
    m.rows.clear()
    m.texts.clear()
    return m.as_folder(folder)


def blocked_by_integrity(m: Machine, t: float, number: int, file: str, policy: str) -> None:
    """A file that the application control policy blocks (3077), or would block (3076, audit)."""
    fields = {
        "File Name": file,
        "Process Name": r"\Device\HarddiskVolume3\Program Files (x86)\Microsoft Intune Management Extension\AgentExecutor.exe",
        "Requested Signing Level": 2,
        "Validated Signing Level": 1,
        "Status": "0xc0e90002",
        "PolicyName": policy,
        "PolicyID": m.id(policy),
        "PolicyGUID": "{" + m.id(policy) + "}",
    }
    m.event("integrity", t, number, 2 if number == 3077 else 3, **fields)


def surface_rule(m: Machine, t: float, number: int, rule: str, *, path: str, process: str) -> None:
    """An attack surface reduction rule that blocks (1121) or only audits (1122)."""
    fields = {
        "Product Name": "Microsoft Defender Antivirus",
        "Product Version": "4.18.26020.6",
        "ID": rule.upper(),
        "Detection Time": f"{m.clock(t):%Y-%m-%dT%H:%M:%S}.118Z",
        "User": r"NT AUTHORITY\SYSTEM",
        "Path": path,
        "Process Name": process,
        "Security intelligence Version": "1.441.203.0",
        "Engine Version": "1.1.26010.1",
    }
    m.event("defender", t, number, 3, **fields)


def laps_cycle(m: Machine, t: float, *, missing: str = "") -> None:
    """One cycle of Windows LAPS with Entra: the password is kept, or the account it names is `missing`."""
    m.event("laps", t, 10003)
    m.event("laps", t + 0.01, 10010)
    if missing:
        m.event("laps", t + 0.02, 10013, 2, AccountName=missing, ErrorCode=Code(0x80070534))
        m.event("laps", t + 0.03, 10005, 2, ErrorCode=Code(0x80070534))
    else:
        m.event("laps", t + 0.02, 10029)
        m.event("laps", t + 0.03, 10004)


DEPLOYMENT = [
    "DeviceId",
    "DeviceSerialNumber",
    "DeviceName",
    "UPN",
    "AutopilotProfileName",
    "ESPPolicyName",
    "EnrollmentMethod",
    "EnrollmentStatus",
    "EnrollmentDateTime",
    "DeviceRegisteredDateTime",
    "DeploymentStartDateTime",
    "DeploymentEndDateTime",
    "DeploymentState",
    "DeviceSetupStatus",
    "UserSetupStatus",
    "DeviceSetupDuration",
    "AccountSetupDuration",
    "DeploymentTotalDuration",
    "OS",
    "OSVersion",
]


def deployment(m: Machine, n: int, start: float, *, bad: bool, profile: str, version: str) -> list[str]:
    """One row of the report AutopilotV1DeploymentStatus."""
    minutes = 61 if bad else 28 + (n * 7) % 17
    begun, over = m.clock(start), m.clock(start + minutes)
    word = "Failure" if bad else "Success"
    return [
        m.id(f"device {n}"),
        f"WS-{3000 + n * 17}-S",
        f"WS-{3000 + n * 17}",
        f"user{n}@contoso.com",
        profile,
        "Staff page",
        "Azure AD joined with Autopilot profile",
        "Enrolled",
        f"{begun:%Y-%m-%d %H:%M:%S}",
        "2025-11-03 09:00:00",
        f"{begun:%Y-%m-%d %H:%M:%S}",
        f"{over:%Y-%m-%d %H:%M:%S}",
        word,
        word,
        "Not attempted" if bad else "Success",
        "01:00:01" if bad else f"00:{minutes - 11:02}:20",
        "" if bad else "00:04:50",
        f"{minutes // 60:02}:{minutes % 60:02}:08",
        "Windows",
        version,
    ]

"""What the fifteenth outside judge adds: fleets as Graph and reports give them, single logs, texts of tools."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cases.outside import DEVICE, Code, Machine
from cases.outside_agent import says
from cases.outside_event_log import write_evtx


def one_log(m: Machine, folder: Path, name: str, *logs: str) -> Path:
    """One event log and nothing else, as it was copied from winevt."""
    from_these = [row for row in m.rows if row[2] in logs]
    records = [record for *_, record in sorted(from_these, key=lambda row: row[:2])]
    path = folder / name
    path.write_bytes(write_evtx(records))
    return path


def one_text(m: Machine, folder: Path, log: str) -> Path:
    """One log of the agent and nothing else."""
    path = folder / f"{log}.log"
    path.write_bytes(m.agent_logs()[f"{log}.log"])
    return path


def happened(
    m: Machine, n: int, start: float, *, bad: bool, minutes: int, version: str = "10.0.26100.7623"
) -> dict:
    """One row of Graph's autopilotEvents."""
    begun, end = m.clock(start), m.clock(start + minutes)
    spent = f"PT{minutes // 60}H{minutes % 60}M0S"
    return {
        "id": m.id(f"event {n}"),
        "deviceId": m.id(f"device {n}"),
        "userId": m.id(f"user {n}"),
        "eventDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "deviceRegisteredDateTime": "2025-11-03T09:00:00Z",
        "enrollmentStartDateTime": f"{begun:%Y-%m-%dT%H:%M:%SZ}",
        "enrollmentType": "azureADJoinedWithAutopilotProfile",
        "deviceSerialNumber": serial(n),
        "managedDeviceName": f"WS-{5000 + n * 13}",
        "userPrincipalName": f"user{n}@contoso.com",
        "windowsAutopilotDeploymentProfileDisplayName": "Staff laptops",
        "enrollmentState": "enrolled",
        "windows10EnrollmentCompletionPageConfigurationDisplayName": "Staff page",
        "deploymentState": "failure" if bad else "success",
        "deviceSetupStatus": "failure" if bad else "success",
        "accountSetupStatus": "notAttempted" if bad else "success",
        "osVersion": version,
        "deploymentDuration": spent,
        "deploymentTotalDuration": spent,
        "deviceSetupDuration": "PT1H0M2S" if bad else f"PT{max(minutes - 13, 5)}M3.1S",
        "accountSetupDuration": "PT0S" if bad else "PT4M40S",
        "deploymentStartDateTime": f"{begun:%Y-%m-%dT%H:%M:%SZ}",
        "deploymentEndDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "enrollmentFailureDetails": "",
    }


def serial(n: int) -> str:
    return f"WS-{5000 + n * 13}-Q"


def registered(m: Machine, n: int, tag: str, model: str) -> dict:
    """One row of Graph's windowsAutopilotDeviceIdentities."""
    return {
        "id": m.id(f"identity {n}"),
        "deploymentProfileAssignmentStatus": "assignedUnkownSyncState",
        "deploymentProfileAssignmentDetailedStatus": "none",
        "deploymentProfileAssignedDateTime": "2025-11-03T09:40:00Z",
        "groupTag": tag,
        "purchaseOrderIdentifier": "",
        "serialNumber": serial(n),
        "manufacturer": "Contoso Hardware",
        "model": model,
        "enrollmentState": "enrolled",
        "lastContactedDateTime": "2026-02-20T06:30:00Z",
        "userPrincipalName": "",
        "systemFamily": "Book",
        "azureActiveDirectoryDeviceId": m.id(f"entra {n}"),
        "managedDeviceId": m.id(f"device {n}"),
        "displayName": "",
        "remediationState": "noRemediationRequired",
        "userlessEnrollmentStatus": "unknown",
    }


def managed(m: Machine, n: int, bios: str) -> dict:
    """One row of Graph's managedDevices with what was asked of its hardware."""
    return {
        "id": m.id(f"device {n}"),
        "deviceName": f"WS-{5000 + n * 13}",
        "managedDeviceOwnerType": "company",
        "operatingSystem": "Windows",
        "osVersion": "10.0.26100.7623",
        "model": "Contoso Book 14 G3",
        "manufacturer": "Contoso Hardware",
        "serialNumber": serial(n),
        "azureADDeviceId": m.id(f"entra {n}"),
        "hardwareInformation": {
            "serialNumber": serial(n),
            "totalStorageSpace": 510_000_000_000,
            "freeStorageSpace": 430_000_000_000 - n * 1_000_000,
            "tpmSpecificationVersion": "2.0, 0, 1.59",
            "tpmManufacturer": "INTC",
            "tpmVersion": "403.1.0.0",
            "systemManagementBIOSVersion": bios,
        },
    }


def local_password(m: Machine, t: float, code: int) -> None:
    """One cycle of Windows LAPS that cannot find Entra's service (10025) and fails (10005)."""
    m.event("laps", t, 10003)
    m.event("laps", t + 0.01, 10010)
    m.event("laps", t + 0.4, 10025, 2, ErrorCode=Code(code))
    m.event("laps", t + 0.41, 10005, 2, ErrorCode=Code(code))


def traced(rows: list[tuple[datetime, str, int]], component: str, zone: str, bias: int) -> bytes:
    """A log of the Configuration Manager client: local time with the bias in minutes."""
    out = []
    for at, message, kind in rows:
        here = at.astimezone(ZoneInfo(zone))
        out.append(
            f'<![LOG[{message}]LOG]!><time="{here:%H:%M:%S.%f}'[:-3]
            + f'{bias:+}" date="{here:%m-%d-%Y}" component="{component}" context="" type="{kind}" thread="4412" '
            'file="ccmsetup.cpp:1234">'
        )
    return ("\r\n".join(out) + "\r\n").encode()


def listed(rows: list[tuple[datetime, int, str, str]], provider: str, zone: str) -> str:
    """What Get-WinEvent | Format-List prints: newest first, local time, one block a record."""
    out = []
    for at, number, level, message in sorted(rows, key=lambda row: row[0], reverse=True):
        here = at.astimezone(ZoneInfo(zone))
        out.append(
            f"TimeCreated      : {here:%-m/%-d/%Y %-I:%M:%S %p}\nProviderName     : {provider}\nId               : {number}\n"
            f"LevelDisplayName : {level}\nMessage          : {message}\n\n"
        )
    return ("\n\n" + "".join(out) + "\n").replace("\n", "\r\n")


def store_unreachable(m: Machine, t: float, name: str, package: str, code: int) -> None:
    """A Store app whose source cannot be opened."""
    app = m.id(name)
    head = "[Win32App][WinGetApp]"
    says(
        m,
        t,
        f"[Win32App][V3Processor] Processing subgraph with app ids: {app}",
        f"{head}[WinGetAppDetectionExecutor] Starting detection of app with id: {app} and context: SystemContext.",
        f"{head}[WinGetOperation] Starting Detection for app with id: {app} and package id: {package}.",
        f"{head}[AppPackageManager] Package manager initialized with status: Ok (0x00000000).",
    )
    says(
        m,
        t + 0.7,
        f"{head}[AppPackageManager] Connect result status: CatalogError (0x{code:08X}).",
        f"[WinGetMessageProcessor] Processing Progress for app = {app} and user = {DEVICE} - Operation Phase = Error",
    )


def key_not_saved(m: Machine, t: float, code: int) -> None:
    """Silent encryption: the recovery key cannot be saved in Entra (846), it is undone (778) and has failed (851)."""
    drive = {"VolumeName": r"\\?\Volume{" + m.id("volume") + "}", "VolumeMountPoint": "C:"}
    m.event("bitlocker", t, 846, 2, **drive, TraceGUID="{" + m.id(f"trace {t}") + "}", ErrorCode=Code(code))
    m.event("bitlocker", t + 0.02, 778, **drive)
    m.event("bitlocker", t + 0.03, 851, 2, ErrorCode=Code(code))


def interrupted(m: Machine, t: float, words: str) -> None:
    """The token for enrolment wants an action of the person (1098)."""
    m.event(
        "aad",
        t,
        1098,
        2,
        Error=Code(0xCAA2000C),
        ErrorMessage="The request requires user interaction.",
        AdditionalInformation=words,
    )


def quota(m: Machine, t: float, words: str, code: str) -> dict:
    """What the connector writes about a request that it could not answer."""
    return {
        "Metric": {
            "Dimensions": {
                "RequestId": m.id(f"request {t}"),
                "DeviceId": m.id("device"),
                "DomainName": "corp.contoso.com",
                "ErrorCode": code,
                "RetryCount": "1",
                "ErrorDescription": "Failed to get the ODJ Blob.",
                "InstanceId": m.id("instance"),
                "DiagnosticCode": "0x00000800",
                "DiagnosticText": 'Failed to get the ODJ Blob. [Exception Message: "Failed to call '
                f'NetProvisionComputerAccount"] [Exception Message: "{words}"]',
            },
            "Name": "RequestOfflineDomainJoinBlob_Failure",
            "Value": 0,
        }
    }

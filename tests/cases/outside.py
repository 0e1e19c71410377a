"""A machine and all that it writes about itself: the frame that the cases of the second outside judge stand in.

Written from the pages on genuine files alone. Times are minutes since `start`; `skew` names the minutes by which the
clock was ahead until a moment. Names, serials and tenants are invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from cases.outside_event_log import Code, Record, Signed, write_evtx, write_xml
from cases.outside_files import compact, write_cab, write_dump, write_log, write_reg, write_zip

__all__ = ["DAY", "DEVICE", "HOUR", "Code", "Machine", "Signed", "at", "compact"]

HOUR, DAY = 60.0, 1440.0
DEVICE = "00000000-0000-0000-0000-000000000000"
_DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
_MD = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
_PD = "Microsoft-Windows-Provisioning-Diagnostics-Provider"
_DM_ID, _MD_ID = "3da494e4-0fe2-415c-b895-fb5265c5c83b", "bab3ad92-fb96-5902-450b-b8421bdec7bd"
CHANNELS = {
    "autopilot": (_MD, _MD_ID, f"{_MD}/Autopilot"),
    "service": (_MD, _MD_ID, f"{_MD}/ManagementService"),
    "pagelog": (_MD, _MD_ID, f"{_MD}/Diagnostics"),
    "packages": (_PD, "ed8b9bd3-f66e-4ff2-b86b-75c7925f72a9", f"{_PD}/Admin"),
    "dm": (_DM, _DM_ID, f"{_DM}/Admin"),
    "enrol": (_DM, _DM_ID, f"{_DM}/Enrollment"),
    "sync": (_DM, _DM_ID, f"{_DM}/Sync"),
    "join": (
        "Microsoft-Windows-User Device Registration",
        "23b8d46b-67dd-40a3-b636-d43e50552c6d",
        "Microsoft-Windows-User Device Registration/Admin",
    ),
    "aad": (
        "Microsoft-Windows-AAD",
        "4de9bc9c-b27a-43c9-8994-0915f1a5e24f",
        "Microsoft-Windows-AAD/Operational",
    ),
    "shell": (
        "Microsoft-Windows-Shell-Core",
        "30336ed4-e327-447c-9de0-51b652c86108",
        "Microsoft-Windows-Shell-Core/Operational",
    ),
    "appx": (
        "Microsoft-Windows-AppXDeployment-Server",
        "3f471139-acb7-4a01-b7a7-ff5da4ba2d43",
        "Microsoft-Windows-AppXDeploymentServer/Operational",
    ),
    "hello": (
        "Microsoft-Windows-HelloForBusiness",
        "906b8a99-63ce-58d7-86ab-10989bbd5567",
        "Microsoft-Windows-HelloForBusiness/Operational",
    ),
    "net": (
        "Microsoft-Windows-NetworkProfile",
        "fbcfac3f-8459-419f-8e48-1f0b49cdb85e",
        "Microsoft-Windows-NetworkProfile/Operational",
    ),
    "time": (
        "Microsoft-Windows-Time-Service",
        "06edcfeb-0fd0-4e53-acca-a6f8bbf81bcb",
        "Microsoft-Windows-Time-Service/Operational",
    ),
    "connector": (
        "Microsoft-Intune-ODJConnectorService",
        "0c1c4f3b-1d54-5f26-9a2c-6b7f3c2d8e11",
        "Microsoft-Intune-ODJConnectorService/Operational",
    ),
    "kernel": ("Microsoft-Windows-Kernel-General", "a68ca8b7-004f-d7b6-a698-07e2de0f1f5d", "System"),
    "power": ("Microsoft-Windows-Kernel-Power", "331c3b3a-2005-44c2-ac5e-77220c37d6b4", "System"),
    "winlogon": ("Microsoft-Windows-Winlogon", "dbe9b383-7cf3-4331-91cc-a3cb16a3b538", "System"),
    "eventlog": ("EventLog", None, "System"),
    "user32": ("User32", "b0aa8734-56f7-41cc-b2f4-de228e98b946", "System"),
    "tpm": ("Microsoft-Windows-TPM-WMI", "7d5387b0-cbe0-11da-a94d-0800200c9a66", "System"),
    "update": ("Microsoft-Windows-WindowsUpdateClient", "945a8954-c147-4acd-923f-40c45405a658", "System"),
    "installer": ("MsiInstaller", None, "Application"),
    "dotnet": (".NET Runtime", None, "Application"),
    "crash": ("Application Error", None, "Application"),
    "bitlocker": (
        "Microsoft-Windows-BitLocker-API",
        "5d674230-ca9f-11da-a94d-0800200c9a66",
        "Microsoft-Windows-BitLocker/BitLocker Management",
    ),
    "scm": ("Service Control Manager", "555908d1-a6d7-4695-8e1e-26931d2012f4", "System"),
    "integrity": (
        "Microsoft-Windows-CodeIntegrity",
        "4ee76bd8-3cf4-44a0-a0ac-3937643e37a3",
        "Microsoft-Windows-CodeIntegrity/Operational",
    ),
    "defender": (
        "Microsoft-Windows-Windows Defender",
        "11cd958a-c507-4ef3-b3f2-5fd9dfbd2c78",
        "Microsoft-Windows-Windows Defender/Operational",
    ),
    "laps": ("Microsoft-Windows-LAPS", None, "Microsoft-Windows-LAPS/Operational"),
    "tls": ("Schannel", "1f678132-5938-4686-9fdc-c8ff68f15c85", "System"),
    "security": ("Microsoft-Windows-Security-Auditing", "54849625-5478-4994-a5ba-3e3b0328c30d", "Security"),
    "errors": ("Application Error", None, "Application"),
    "wlan": (
        "Microsoft-Windows-WLAN-AutoConfig",
        "9580d7dd-0379-4658-9870-d5be7d52d6de",
        "Microsoft-Windows-WLAN-AutoConfig/Operational",
    ),
    "sxs": ("SideBySide", None, "Application"),
    "applocker": (
        "Microsoft-Windows-AppLocker",
        "cbda4dbf-8d5d-4f69-9578-be14aa540d22",
        "Microsoft-Windows-AppLocker/EXE and DLL",
    ),
    "services": ("Service Control Manager", "555908d1-a6d7-4695-8e1e-26931d2012f4", "System"),
    "ras": ("RasClient", None, "Application"),
    "netlogon": ("NETLOGON", None, "System"),
    "schannel": ("Schannel", "1f678132-5938-4686-9fdc-c8ff68f15c85", "System"),
    "certenroll": (
        "Microsoft-Windows-CertificateServicesClient-CertEnroll",
        "54164045-7c50-4905-963f-e5bc1eef0cca",
        "Application",
    ),
    "tpmdriver": ("TPM", "1b6b0772-251b-4d42-917d-faca166bc059", "System"),
}
BESIDE = (
    "System",
    "Application",
    "Microsoft-Windows-AppXDeploymentServer/Operational",
    "Microsoft-Windows-BitLocker/BitLocker Management",
)
"""Channels that stand beside the tool's cabinet and not in it."""
AUTOPILOT = r"software\microsoft\provisioning\Diagnostics\AutoPilot"
CACHE = r"software\microsoft\provisioning\AutopilotPolicyCache"
SETTINGS = r"software\microsoft\provisioning\AutopilotSettings"
ENROLMENTS = r"software\microsoft\enrollments"
TRACKING = r"software\microsoft\windows\autopilot\EnrollmentStatusTracking"
AGENT = r"software\microsoft\intunemanagementextension"
MSI = r"software\microsoft\EnterpriseDesktopAppManagement\S-0-0-00-0000000000-0000000000-000000000-000\MSI"


def at(*parts: int) -> datetime:
    """An instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


@dataclass
class Machine:
    """One device; every method writes what Windows or the agent would."""

    case: str
    start: datetime
    build: str = "26100.4652"
    zone: str = "Europe/Berlin"
    edition: str = "Professional"
    name: str = "WS-4471"
    fresh: str = "DESKTOP-QH7T2RD"
    serial: str = "WS-4471-N"
    domain: str = "contoso.com"
    user: str = "robin"
    skew: list[tuple[float, float]] = field(default_factory=list)
    split: bool | None = None
    provider: str = "MS DM Server"
    moved: tuple[float, str] | None = None
    collected: float = 0.0
    named: float = 2.5
    keys: dict[str, dict] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[float, int, str, Record]] = field(default_factory=list)
    lines: dict[str, list[tuple[float, str, int, int]]] = field(default_factory=dict)

    # names
    def id(self, what: str) -> str:
        return str(uuid5(NAMESPACE_URL, f"outside/{self.case}/{what}"))

    @property
    def enrolment(self) -> str:
        return self.id("enrolment").upper()

    @property
    def upn(self) -> str:
        return f"{self.user}@{self.domain}"

    @property
    def eleven(self) -> bool:
        return int(self.build.split(".")[0]) >= 22000

    def sid(self, user: str = "") -> str:
        raw = UUID(self.id(f"user {user or self.user}")).bytes_le
        return "S-1-12-1-" + "-".join(str(int.from_bytes(raw[n : n + 4], "little")) for n in (0, 4, 8, 12))

    # time
    def clock(self, minute: float) -> datetime:
        ahead = sum(by for until, by in self.skew if minute < until)
        return self.start + timedelta(minutes=round(minute + ahead, 5))

    # writing
    def event(self, log: str, minute: float, number: int, level: int = 4, **data) -> None:
        provider, guid, channel = CHANNELS[log]
        split = self.split if self.split is not None else int(self.build.split(".")[0]) >= 26100
        if log in ("enrol", "sync") and not split:
            channel = CHANNELS["dm"][2]
        if "plain" in data:
            data = {f"#{n}": part for n, part in enumerate(data["plain"])}
        who = self.name if minute >= self.named else self.fresh
        record = Record(self.clock(minute), provider, guid, channel, number, who, level, data)
        self.rows.append((minute, len(self.rows), log, record))

    def line(self, log: str, minute: float, message: str, kind: int = 1, thread: int = 9) -> None:
        self.lines.setdefault(log, []).append((minute, message, kind, thread))

    def key(self, path: str, **values) -> None:
        self.keys.setdefault(path, {}).update(values)

    def set(self, path: str, name: str, value: object) -> None:
        self.keys.setdefault(path, {})[name] = value

    def text(self, name: str, content: str, encoding: str = "utf-8") -> None:
        self.texts[name] = content.replace("\n", "\r\n").encode(encoding)

    def page(self, minute: float, name: str, message: str, code: int = 0) -> None:
        signed = code - (1 << 32) if code >= 1 << 31 else code
        self.event(
            "shell", minute, 62407, Name=name, Value=compact({"message": message, "errorCode": signed})
        )

    def drop(self, *logs: str) -> None:
        """These channels are not in the export."""
        self.rows = [row for row in self.rows if row[2] not in logs]

    # members
    def channels(self) -> dict[str, list[Record]]:
        logs: dict[str, list[Record]] = {}
        for _, _, _, record in sorted(self.rows, key=lambda row: row[:2]):
            logs.setdefault(record.channel, []).append(record)
        return logs

    def agent_logs(self) -> dict[str, bytes]:
        logs = {}
        for log, rows in self.lines.items():
            placed = [
                (self.clock(t).astimezone(self.zone_at(t)), *rest)
                for t, *rest in sorted(rows, key=lambda r: r[0])
            ]
            logs[f"{log}.log"] = write_log(placed, log)
        return logs

    def zone_at(self, minute: float) -> ZoneInfo:
        """The zone of the agent's logs; `moved` names the minute until which another one held."""
        early = self.moved is not None and minute < self.moved[0]
        return ZoneInfo(self.moved[1] if early else self.zone)

    def report(self) -> dict[str, bytes]:
        build, revision = self.build.split(".")
        made = self.clock(self.collected)
        about = {
            "MdmDiagVersion": "1.0",
            "AreaName": "Autopilot;DeviceEnrollment;DeviceProvisioning;TPM;",
            "CompositionEditionID": self.edition if self.edition.startswith("Core") else "Enterprise",
            "CurrentBuild": build,
            "CurrentBuildNumber": build,
            "EditionID": self.edition,
            "ProductName": "Windows 10 Home" if self.edition.startswith("Core") else "Windows 10 Pro",
            "UBR": int(revision),
        }
        xml = f"""<?xml version="1.0" encoding="UTF-8"?>
<MDMEnterpriseDiagnosticsReport>
  <Version>1.0</Version>
  <SystemInformation>
    <ReportCreationTime>{made:%A, %d %B %Y--%H:%M:%S} (UTC)</ReportCreationTime>
    <OSVersion>10.0.{self.build}</OSVersion>
    <SerialNumber>{self.serial}</SerialNumber>
  </SystemInformation>
  <Enrollments></Enrollments>
  <FirstSyncData></FirstSyncData>
</MDMEnterpriseDiagnosticsReport>
"""
        footprint = (
            f"--- Start at: {made:%m-%d-%Y %H:%M:%S} ---\n"
            "Failed (HResult: 0x80070002) to CollectFileEntry:"
            "c:\\windows\\provisioning\\autopilot\\autopilotconfigurationfile.json\n"
        )
        return {
            "MdmDiagLogMetadata.json": compact(about).encode(),
            "MDMDiagReport.xml": xml.encode(),
            "MdmLogCollectorFootPrint.txt": footprint.encode(),
        }

    def cab_members(self) -> dict[str, bytes]:
        logs = {
            f"{name.lower().replace('/', '-')}.evtx": write_evtx(records)
            for name, records in self.channels().items()
            if name not in BESIDE
        }
        dump = {"MdmDiagReport_RegistryDump.reg": write_dump(self.keys)} if self.keys else {}
        return {**logs, **dump, **self.report(), **self.texts}

    def beside(self, *, xml: bool = False) -> dict[str, bytes]:
        logs = self.channels()
        return {
            f"{name.replace('/', '%4')}.{'xml' if xml else 'evtx'}": (write_xml if xml else write_evtx)(
                logs[name]
            )
            for name in BESIDE
            if name in logs
        }

    # exports
    def as_zip(self, folder: Path) -> Path:
        """What mdmdiagnosticstool -zip writes, with System and the agent's logs put beside it by hand."""
        path = folder / f"{self.case}.zip"
        path.write_bytes(write_zip({**self.cab_members(), **self.beside(), **self.agent_logs()}))
        return path

    def as_cab(self, folder: Path) -> Path:
        """The tool's cabinet alone."""
        path = folder / f"mdmlogs-{self.clock(self.collected):%Y-%m-%d-%H-%M-%S}.cab"
        path.write_bytes(write_cab(self.cab_members()))
        return path

    def as_folder(self, folder: Path) -> Path:
        """Copied by hand: event logs under the names of winevt, logs, texts, no report."""
        path = folder / self.case
        path.mkdir()
        logs = {
            f"{name.replace('/', '%4')}.evtx": write_evtx(records)
            for name, records in self.channels().items()
        }
        for name, content in {**logs, **self.agent_logs(), **self.texts}.items():
            (path / name).write_bytes(content)
        return path

    def as_viewer(self, folder: Path) -> Path:
        """Saved from the Event Viewer as XML, one file a channel, zipped for the mail."""
        logs = {
            f"{name.replace('/', '_')}.xml": write_xml(records) for name, records in self.channels().items()
        }
        path = folder / f"{self.case}.zip"
        path.write_bytes(write_zip({**logs, **self.agent_logs(), **self.texts}))
        return path

    def as_collection(self, folder: Path) -> Path:
        """Collect diagnostics of Intune, flattened: results.xml, commands, logs, the cabinet inside."""
        made = self.clock(self.collected)
        cab = f"mdmlogs-{made:%Y-%m-%d-%H-%M-%S}.cab"
        logs = self.channels()
        rows, members, count = [], {}, 0
        agent = {k: v for k, v in self.keys.items() if k.startswith(AGENT)}
        for kind, asks in (
            ("RegistryKey", [r"HKLM\SOFTWARE\Microsoft\IntuneManagementExtension"]),
            ("Command", [f"%windir%\\system32\\{name}" for name in self.commands]),
            ("Events", [name for name in BESIDE if name in logs]),
        ):
            for ask in asks:
                count += 1
                rows.append(f'  <{kind} HRESULT="0">{ask}</{kind}>')
                plain = re.sub(r"[\\/ .%]+", "_", ask).strip("_")
                if kind == "Events":
                    members[f"({count}) {kind} {plain} Events.evtx"] = write_evtx(logs[ask])
                elif kind == "Command":
                    members[f"({count}) {kind} {plain} output.log"] = self.commands[
                        ask.split("system32\\")[1]
                    ].encode()
                elif agent:
                    members[f"({count}) {kind} {plain} export.reg"] = write_reg(agent)
        count += 1
        rows.append(
            '  <FoldersFiles HRESULT="0">%ProgramData%\\Microsoft\\IntuneManagementExtension\\Logs\\*.*</FoldersFiles>'
        )
        for name, content in self.agent_logs().items():
            members[f"({count}) FoldersFiles ProgramData_Microsoft_IntuneManagementExtension_Logs/{name}"] = (
                content
            )
        count += 1
        rows.append(f'  <FoldersFiles HRESULT="0">%temp%\\MDMDiagnostics\\{cab}</FoldersFiles>')
        members[f"({count}) FoldersFiles temp_MDMDiagnostics_mdmlogs-{made:%Y%m%dT%H%M%S}_cab {cab}"] = (
            write_cab(self.cab_members())
        )
        members["results.xml"] = (
            '<Collection HRESULT="0">\r\n  <ID>'
            + self.id("request")
            + "</ID>\r\n"
            + "\r\n".join(rows)
            + "\r\n  <OutputFileFormat>flattened</OutputFileFormat>\r\n</Collection>"
        ).encode()
        path = folder / f"DiagLogs-{self.name}-{made:%Y%m%dT%H%M%SZ}.zip"
        path.write_bytes(write_zip(members))
        return path

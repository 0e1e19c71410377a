"""One small export, built record by record: what a case's builder writes with, and the only door to the writers.

Nothing here knows how the kit reads. Channels, providers, ids and fields follow the pages of the manifests and of
genuine records; names, serials and tenants are invented.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_DNS, UUID, uuid5
from zoneinfo import ZoneInfo

from autopilot_analysis.samples.formats.archive import write_archive
from autopilot_analysis.samples.formats.cabinet import write_cabinet
from autopilot_analysis.samples.formats.event_log import EventRecord, write_event_log
from autopilot_analysis.samples.formats.event_values import Hex32
from autopilot_analysis.samples.formats.ime_log import LogRecord, write_ime_log
from autopilot_analysis.samples.formats.registry_dump import Quad, write_registry_dump, write_registry_export

__all__ = ["DAY", "HOUR", "Device", "Hex32", "Quad"]

HOUR, DAY = 60.0, 1440.0
"""Times of a case are minutes since its start."""

_DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
_MD = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
_PROV = "Microsoft-Windows-Provisioning-Diagnostics-Provider"
CHANNELS = {
    "autopilot": (f"{_MD}/Autopilot", _MD, "bab3ad92-fb96-5902-450b-b8421bdec7bd"),
    "management": (f"{_MD}/ManagementService", _MD, "bab3ad92-fb96-5902-450b-b8421bdec7bd"),
    "diagnostics": (f"{_MD}/Diagnostics", _MD, "bab3ad92-fb96-5902-450b-b8421bdec7bd"),
    "old-autopilot": (f"{_PROV}/AutoPilot", _PROV, "ed8b9bd3-f66e-4ff2-b86b-75c7925f72a9"),
    "provisioning": (f"{_PROV}/Admin", _PROV, "ed8b9bd3-f66e-4ff2-b86b-75c7925f72a9"),
    "admin": (f"{_DM}/Admin", _DM, "3da494e4-0fe2-415c-b895-fb5265c5c83b"),
    "enrollment": (f"{_DM}/Enrollment", _DM, "3da494e4-0fe2-415c-b895-fb5265c5c83b"),
    "sync": (f"{_DM}/Sync", _DM, "3da494e4-0fe2-415c-b895-fb5265c5c83b"),
    "join": (
        "Microsoft-Windows-User Device Registration/Admin",
        "Microsoft-Windows-User Device Registration",
        "23b8d46b-67dd-40a3-b636-d43e50552c6d",
    ),
    "aad": (
        "Microsoft-Windows-AAD/Operational",
        "Microsoft-Windows-AAD",
        "4de9bc9c-b27a-43c9-8994-0915f1a5e24f",
    ),
    "shell": (
        "Microsoft-Windows-Shell-Core/Operational",
        "Microsoft-Windows-Shell-Core",
        "30336ed4-e327-447c-9de0-51b652c86108",
    ),
    "appx": (
        "Microsoft-Windows-AppXDeploymentServer/Operational",
        "Microsoft-Windows-AppXDeployment-Server",
        "3f471139-acb7-4a01-b7a7-ff5da4ba2d43",
    ),
    "hello": (
        "Microsoft-Windows-HelloForBusiness/Operational",
        "Microsoft-Windows-HelloForBusiness",
        "906b8a99-63ce-58d7-86ab-10989bbd5567",
    ),
    "kernel": ("System", "Microsoft-Windows-Kernel-General", "a68ca8b7-004f-d7b6-a698-07e2de0f1f5d"),
    "power": ("System", "Microsoft-Windows-Kernel-Power", "331c3b3a-2005-44c2-ac5e-77220c37d6b4"),
    "winlogon": ("System", "Microsoft-Windows-Winlogon", "dbe9b383-7cf3-4331-91cc-a3cb16a3b538"),
    "user32": ("System", "User32", "b0aa8734-56f7-41cc-b2f4-de228e98b946"),
    "eventlog": ("System", "EventLog", None),
    "service": ("System", "Service Control Manager", "555908d1-a6d7-4695-8e1e-26931d2012f4"),
    "update": ("System", "Microsoft-Windows-WindowsUpdateClient", "945a8954-c147-4acd-923f-40c45405a658"),
    "tpm": ("System", "Microsoft-Windows-TPM-WMI", "7d5387b0-cbe0-11da-a94d-0800200c9a66"),
    "profile-service": (
        "Application",
        "Microsoft-Windows-User Profiles Service",
        "89b1e9f0-5aff-44a6-9b44-0a07a7ce5845",
    ),
    "installer": ("Application", "MsiInstaller", None),
    "licensing": ("Application", "Microsoft-Windows-Security-SPP", "e23b33b0-c8c9-472c-a5f9-f2bdfea0f156"),
    "integrity": (
        "Microsoft-Windows-CodeIntegrity/Operational",
        "Microsoft-Windows-CodeIntegrity",
        "4ee76bd8-3cf4-44a0-a0ac-3937643e37a3",
    ),
    "network": (
        "Microsoft-Windows-NetworkProfile/Operational",
        "Microsoft-Windows-NetworkProfile",
        "fbcfac3f-8459-419f-8e48-1f0b49cdb85e",
    ),
}
SYSTEM = "S-1-5-18"
_HKLM = "HKEY_LOCAL_MACHINE"


@dataclass
class _Written:
    true: float
    order: int
    at: datetime
    name: str
    event_id: int
    level: int
    computer: str
    data: dict
    sid: str | None
    opcode: int


@dataclass
class Device:
    """One device and all that it writes; every time is minutes since `start`.

    Attributes:
        case: Name of the case; every id is derived from it.
        start: True instant of minute 0, UTC.
        build: Build and revision.
        zone: Name of the time zone the agent's logs are written in.
        edition: EditionID of the metadata.
        renamed_at: Minute from which records carry `name` instead of `first_name`.
    """

    case: str
    start: datetime
    build: str = "26100.4652"
    zone: str = "Europe/Berlin"
    edition: str = "Professional"
    first_name: str = "DESKTOP-4K7Q2LM"
    name: str = "CO-27184"
    serial: str = "CO-27184-A"
    domain: str = "contoso.example"
    user: str = "kim"
    collected: float = 0.0
    renamed_at: float = 2.5
    steps: list[tuple[float, float]] = field(default_factory=list)
    registry: dict[str, dict] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    provider: str = "MS DM Server"
    events: list[_Written] = field(default_factory=list)
    lines: dict[str, list[tuple[float, LogRecord]]] = field(default_factory=dict)
    _categories: dict[str, dict] = field(default_factory=dict)

    # -- names -------------------------------------------------------------------------------------------------
    def guid(self, what: str) -> str:
        return str(uuid5(NAMESPACE_DNS, f"{self.case}.{what}"))

    @property
    def tenant(self) -> str:
        return self.guid("tenant")

    @property
    def enrollment(self) -> str:
        return self.guid("enrollment").upper()

    @property
    def upn(self) -> str:
        return f"{self.user}@{self.domain}"

    def sid(self, user: str = "") -> str:
        parts = UUID(self.guid(f"user {user or self.user}")).bytes_le
        return "S-1-12-1-" + "-".join(str(int.from_bytes(parts[n : n + 4], "little")) for n in (0, 4, 8, 12))

    @property
    def number(self) -> int:
        return int(self.build.split(".")[0])

    # -- time --------------------------------------------------------------------------------------------------
    def true(self, minute: float) -> datetime:
        """The true instant of a minute."""
        return self.start + timedelta(minutes=round(minute, 6))

    def wrong_until(self, minute: float, hours: float) -> None:
        """Before `minute` the device's clock was `hours` ahead (behind if negative)."""
        self.steps.append((minute, hours))

    def clock(self, minute: float) -> datetime:
        """What the device's clock showed then."""
        return self.true(minute) + timedelta(hours=sum(h for until, h in self.steps if minute < until))

    # -- records -----------------------------------------------------------------------------------------------
    def event(
        self,
        channel: str,
        minute: float,
        event_id: int,
        level: int = 4,
        *,
        sid: str | None = None,
        computer: str | None = None,
        opcode: int = 0,
        at: datetime | None = None,
        **data,
    ) -> None:
        """Write one event; `at` is for what a provider stamps otherwise than by the clock."""
        name = computer or (self.name if minute >= self.renamed_at else self.first_name)
        written = at or self.clock(minute)
        fields = {"": data.pop("unnamed")} if "unnamed" in data else data
        self.events.append(
            _Written(minute, len(self.events), written, channel, event_id, level, name, fields, sid, opcode)
        )

    def line(self, log: str, minute: float, message: str, severity: int = 1, thread: int = 12) -> None:
        """Write one record of an agent's log."""
        record = LogRecord(at=self.clock(minute), message=message, severity=severity, thread=thread)
        self.lines.setdefault(log, []).append((minute, record))

    def silence(self, *channels: str) -> None:
        """Forget what these channels held: they are not in the export."""
        self.events = [event for event in self.events if event.name not in channels]

    def key(self, path: str, **values) -> None:
        """Set values of a key below HKEY_LOCAL_MACHINE; names that are no identifiers go through `values`."""
        self.registry.setdefault(f"{_HKLM}\\{path}", {}).update(values)

    def value(self, path: str, name: str, content) -> None:
        self.registry.setdefault(f"{_HKLM}\\{path}", {})[name] = content

    def text(self, name: str, content: str, encoding: str = "utf-8") -> None:
        self.texts[name] = content.replace("\r\n", "\n").replace("\n", "\r\n").encode(encoding)

    def category(self, name: str, state: str, message: str | None = None, **parts: tuple[str, str]) -> None:
        """State of a category of the status page, e.g. DeviceSetup, with (state, text) by part."""
        plain = {
            "succeeded": "Complete",
            "failed": "Error",
            "inProgress": "Working on it...",
            "notStarted": "Previous step failed",
        }
        shown = {"succeeded": True, "failed": False}.get(state)
        status = {
            "categoryState": state,
            "categorySucceeded": shown,
            "categoryStatusMessage": message or plain[state],
        }
        for part, (part_state, text) in parts.items():
            status[f"{name}.{part}Subcategory"] = {
                "subcategoryState": part_state,
                "subcategoryStatusText": text,
            }
        self._categories[name] = status
        self.value(
            r"software\microsoft\provisioning\AutopilotSettings",
            f"{name}Category.Status",
            json.dumps(status, separators=(",", ":")),
        )

    # -- members -----------------------------------------------------------------------------------------------
    def channels(self) -> dict[str, bytes]:
        """Every event log by the name of its channel; record ids rise in the true order."""
        logs: dict[str, list[_Written]] = {}
        for written in sorted(self.events, key=lambda w: (w.true, w.order)):
            logs.setdefault(CHANNELS[written.name][0], []).append(written)
        return {channel: write_event_log(_records(channel, rows)) for channel, rows in logs.items()}

    def exported(self, *channels: str) -> bytes:
        """One file with the records of several channels, as an export query writes it: by time, ids by channel."""
        rows: list[EventRecord] = []
        for series, channel in enumerate(channels):
            written = [w for w in self.events if CHANNELS[w.name][0] == channel]
            rows += _records(channel, sorted(written, key=lambda w: (w.true, w.order)), 1 + 200 * series)
        return write_event_log(sorted(rows, key=lambda row: row.at))

    def logs(self) -> dict[str, bytes]:
        """Every agent log by its file name."""
        zone = ZoneInfo(self.zone)
        return {
            f"{log}.log": write_ime_log([r for _, r in sorted(rows, key=lambda row: row[0])], zone, log)
            for log, rows in self.lines.items()
        }

    def metadata(self) -> dict[str, bytes]:
        """What mdmdiagnosticstool adds: metadata and the report."""
        build, revision = self.build.split(".")
        product = "Windows 10 Home" if self.edition.startswith("Core") else "Windows 10 Pro"
        about = {
            "MdmDiagVersion": "1.0",
            "AreaName": "Autopilot;TPM;DeviceProvisioning;",
            "BaseBuildRevisionNumber": 1,
            "CompositionEditionID": self.edition if self.edition.startswith("Core") else "Enterprise",
            "CurrentBuild": build,
            "CurrentBuildNumber": build,
            "CurrentMajorVersionNumber": 10,
            "CurrentMinorVersionNumber": 0,
            "CurrentVersion": "6.3",
            "EditionID": self.edition,
            "ProductName": product,
            "ReleaseId": "2009",
            "SystemRoot": "C:\\Windows",
            "UBR": int(revision),
        }
        return {
            "MdmDiagLogMetadata.json": json.dumps(about, indent=2).encode(),
            "MDMDiagReport.xml": self._report().encode(),
        }

    def _report(self) -> str:
        made = self.clock(self.collected)
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<MDMEnterpriseDiagnosticsReport>
  <Version>1.0</Version>
  <SystemInformation>
    <ReportCreationTime>{made:%A, %d %B %Y--%H:%M:%S} (UTC)</ReportCreationTime>
    <OSVersion>10.0.{self.build}</OSVersion>
    <SerialNumber>{self.serial}</SerialNumber>
  </SystemInformation>
  <Enrollments></Enrollments>
  <DeviceManagementAccount></DeviceManagementAccount>
  <PolicyManager><CurrentPolicies><PolicyScope>device</PolicyScope></CurrentPolicies></PolicyManager>
  <FirstSyncData></FirstSyncData>
</MDMEnterpriseDiagnosticsReport>
"""

    def cabinet_members(self) -> dict[str, bytes]:
        """What the tool's cabinet holds: logs with lower-case dashed names, the registry dump, texts."""
        inside = {
            f"{channel.lower().replace('/', '-')}.evtx": content
            for channel, content in self.channels().items()
            if channel not in ("System", "Application") and "AppXDeploymentServer" not in channel
        }
        dump = {"MdmDiagReport_RegistryDump.reg": write_registry_dump(self.registry)} if self.registry else {}
        return dict(sorted({**inside, **dump, **self.metadata(), **self.texts}.items()))

    def _beside(self) -> dict[str, bytes]:
        channels = self.channels()
        beside = ("System", "Application", "Microsoft-Windows-AppXDeploymentServer/Operational")
        return {name: channels[name] for name in beside if name in channels}

    # -- layouts -----------------------------------------------------------------------------------------------
    def as_cabinet(self, folder: Path) -> Path:
        """The tool's cabinet alone."""
        path = folder / f"mdmlogs-{self.clock(self.collected):%Y-%m-%d-%H-%M-%S}.cab"
        path.write_bytes(write_cabinet(self.cabinet_members()))
        return path

    def as_zip(self, folder: Path) -> Path:
        """The tool's archive: the cabinet's members, System and the agent's logs in one ZIP."""
        beside = {f"{n.replace('/', '%4')}.evtx": c for n, c in self._beside().items()}
        path = folder / f"{self.case}.zip"
        path.write_bytes(write_archive({**self.cabinet_members(), **beside, **self.logs()}))
        return path

    def as_folder(self, folder: Path) -> Path:
        """Logs copied from winevt\\Logs, and whatever texts the case holds."""
        path = folder / self.case
        path.mkdir()
        files = {f"{n.replace('/', '%4')}.evtx": c for n, c in self.channels().items()}
        for name, content in {**files, **self.logs(), **self.texts}.items():
            (path / name).write_bytes(content)
        if self.registry:
            (path / "export.reg").write_bytes(write_registry_export(_upper(self.registry)))
        return path

    def as_collection(self, folder: Path, *, flat: bool = True) -> Path:
        """What the remote action uploads: results.xml, numbered or flattened data, the cabinet inside."""
        cab = f"mdmlogs-{self.clock(self.collected):%Y-%m-%d-%H-%M-%S}.cab"
        ime = {k: v for k, v in self.registry.items() if "intunemanagementextension" in k.lower()}
        work: list[tuple[str, str, dict[str, bytes]]] = []
        agent = r"HKLM\SOFTWARE\Microsoft\IntuneManagementExtension"
        work.append(("RegistryKey", agent, {"export.reg": write_registry_export(_upper(ime))} if ime else {}))
        outside = {n: c for n, c in self.texts.items() if n == "dsregcmd.txt"}
        if outside:
            status = r"%windir%\system32\Dsregcmd.exe /status"
            work.append(("Command", status, {"output.log": outside["dsregcmd.txt"]}))
        tool = (
            rf"%windir%\system32\mdmdiagnosticstool.exe -area Autopilot;tpm -cab %temp%\MDMDiagnostics\{cab}"
        )
        work.append(("Command", tool, {"output.log": b"Successfully Collected Logs. \r\n"}))
        work += [("Events", name, {"Events.evtx": content}) for name, content in self._beside().items()]
        work.append(
            ("FoldersFiles", r"%ProgramData%\Microsoft\IntuneManagementExtension\Logs\*.*", self.logs())
        )
        members = {n: c for n, c in self.cabinet_members().items() if n not in outside}
        work.append(("FoldersFiles", rf"%temp%\MDMDiagnostics\{cab}", {cab: write_cabinet(members)}))
        files = {"results.xml": _results(self.guid("collection"), work, flat=flat).encode()}
        for number, (directive, data, found) in enumerate(work, 1):
            for name, content in found.items():
                files[_place(number, directive, data, name, flat=flat)] = content
        path = folder / f"DiagLogs-{self.name}-{self.clock(self.collected):%Y%m%dT%H%M%SZ}.zip"
        path.write_bytes(write_archive(files))
        return path


def _records(channel: str, rows: list[_Written], first: int = 1) -> list[EventRecord]:
    out = []
    for number, row in enumerate(rows, first):
        _, provider, guid = CHANNELS[row.name]
        out.append(
            EventRecord(
                record_id=number,
                at=row.at,
                provider=provider,
                provider_guid=UUID(guid) if guid else None,
                event_id=row.event_id,
                channel=channel,
                computer=row.computer,
                level=row.level,
                opcode=row.opcode,
                qualifiers=None if guid else 32768,
                process_id=1200,
                thread_id=1312,
                user_sid=row.sid or SYSTEM,
                data=row.data,
            )
        )
    return out


def _upper(registry: dict[str, dict]) -> dict[str, dict]:
    return {
        k.replace(r"\software\microsoft", r"\SOFTWARE\Microsoft").replace(
            r"\intunemanagementextension", r"\IntuneManagementExtension"
        ): v
        for k, v in registry.items()
    }


def _results(identity: str, work: list[tuple[str, str, dict[str, bytes]]], *, flat: bool) -> str:
    asked = "".join(
        f'    <{kind} HRESULT="{0 if found else -2147024893}">{data}</{kind}>\n' for kind, data, found in work
    )
    tail = "    <OutputFileFormat>flattened</OutputFileFormat>\n" if flat else ""
    return (
        f'<Collection HRESULT="0">\n<ID>{identity}</ID>\n    <SasUrl>SasUrlPlaceHolder</SasUrl>\n{asked}'
        f"    <ClientTimeoutInSeconds>5400</ClientTimeoutInSeconds>\n{tail}</Collection>\n"
    )


def _place(number: int, directive: str, data: str, name: str, *, flat: bool) -> str:
    if not flat:
        return f"{number}/{name}"
    plain = "".join("_" if c in r"\/[]<>:\"?*%. " else c for c in data).strip("_")[:80]
    return f"({number:02}) {directive} {plain} {name}"


def utc(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    """An instant in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)

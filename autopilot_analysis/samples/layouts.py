"""The shapes in which diagnostics reach an analyst: cabinet, Intune archive (two layouts), page, folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal, get_args

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.samples.device.registry_state import device_registry
from autopilot_analysis.samples.device.story import Story
from autopilot_analysis.samples.formats.archive import write_archive
from autopilot_analysis.samples.formats.cabinet import write_cabinet
from autopilot_analysis.samples.formats.channels import CHANNELS, exists
from autopilot_analysis.samples.formats.dsregcmd import write_dsregcmd
from autopilot_analysis.samples.formats.event_log import write_event_log
from autopilot_analysis.samples.formats.registry_dump import write_registry_export
from autopilot_analysis.samples.formats.texts import write_hardware_hash, write_results
from autopilot_analysis.samples.members import agent_logs, cabinet_members

Layout = Literal["cab", "diaglogs_flattened", "diaglogs_numbered", "page", "folder"]
LAYOUTS: tuple[str, ...] = get_args(Layout)

_NOT_FOUND = -2147024893
_AGENT = "%ProgramData%\\Microsoft\\IntuneManagementExtension\\Logs\\*.*"
_CABINET = "%temp%\\MDMDiagnostics\\mdmlogs-<Date/Time>.cab"


def build_export(story: Story, layout: str, at: datetime) -> tuple[str, bytes | dict[str, bytes]]:
    """Return the export's natural name, and its bytes or, for a folder, its files.

    Args:
        story: A told story.
        layout: One of LAYOUTS.
        at: When it was collected, UTC.

    Raises:
        UnknownName: No layout is called so.
    """
    local = at.astimezone(story.device.zone).replace(tzinfo=None)
    members = cabinet_members(story, at)
    match layout:
        case "cab":
            return f"mdmlogs-{story.device.name}.cab", write_cabinet(members, modified=local)
        case "folder":
            return f"Logs-{story.device.name}", _folder(story, members, at)
        case "page":
            cabinet = f"mdmlogs-{local:%Y-%m-%d-%H-%M-%S}.cab"
            files = {
                cabinet: write_cabinet(members, modified=local),
                f"DeviceHash_{story.computer}.csv": write_hardware_hash(story),
            }
            return f"Export-{story.device.name}", files
        case "diaglogs_flattened" | "diaglogs_numbered":
            files = _diagnostic_archive(
                story, write_cabinet(members, modified=local), at, flattened=layout.endswith("flattened")
            )
            return f"DiagLogs-{story.computer}-{at:%Y%m%dT%H%M%SZ}.zip", write_archive(files, modified=local)
        case _:
            raise UnknownName.among("layout", layout, LAYOUTS)


def _folder(story: Story, members: dict[str, bytes], at: datetime) -> dict[str, bytes]:
    """Lay the members out as copied by hand: event logs under Windows' own names, and two more of them."""
    files = {name: content for name, content in members.items() if not name.endswith((".evtx", ".log"))}
    release = story.device.release
    for name, channel in CHANNELS.items():
        if channel.cabinet_file in members or (not channel.in_cabinet and exists(name, 0, release)):
            files[f"winevt/{channel.folder_file}"] = write_event_log(story.records(name))
    files |= {
        f"IntuneManagementExtension/Logs/{name}": content for name, content in agent_logs(story).items()
    }
    return files | {"dsregcmd.txt": write_dsregcmd(story, at), "setupact.log": members["setupact.log"]}


def _diagnostic_archive(story: Story, cabinet: bytes, at: datetime, *, flattened: bool) -> dict[str, bytes]:
    """Lay out the directives of a remote collection, in either of the two layouts."""
    files: dict[str, bytes] = {}
    asked: list[tuple[str, int, str]] = []
    for number, (kind, text, found) in enumerate(_directives(story, cabinet, at), start=1):
        asked.append((kind, 0 if found else _NOT_FOUND, text))
        for name, content in found.items():
            files[f"({number}) {kind} {_cleaned(text)} {name}" if flattened else f"{number}/{name}"] = content
    results = write_results(asked, story.device.correlation_id, flattened=flattened)
    return {"results.xml": results, **files}


def _directives(story: Story, cabinet: bytes, at: datetime) -> Iterator[tuple[str, str, dict[str, bytes]]]:
    agent = {
        key: values for key, values in device_registry(story).items() if "intunemanagementextension" in key
    }
    exported = {"export.reg": write_registry_export(agent)} if agent else {}
    yield "RegistryKey", "HKLM\\SOFTWARE\\Microsoft\\CloudManagedUpdate", {}
    yield "RegistryKey", "HKLM\\SOFTWARE\\Microsoft\\IntuneManagementExtension", exported
    status = {"output.log": write_dsregcmd(story, at)}
    yield "Command", "%windir%\\system32\\Dsregcmd.exe /status", status
    proxy = b"\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Direct access (no proxy server).\r\n\r\n"
    yield "Command", "%windir%\\system32\\netsh.exe winhttp show proxy", {"output.log": proxy}
    yield "Events", "System", {"Events.evtx": write_event_log(story.records("SYS"))}
    yield "Events", "Setup", {"Events.evtx": write_event_log([])}
    yield "FoldersFiles", _AGENT, agent_logs(story)
    local = at.astimezone(story.device.zone)
    yield "FoldersFiles", _CABINET, {f"mdmlogs-{local:%Y-%m-%d-%H-%M-%S}.cab": cabinet}


def _cleaned(text: str) -> str:
    return re.sub(r"_+", "_", re.sub(r'[\\/\[\]<>:"?*%. ]', "_", text)).strip("_")[:80]

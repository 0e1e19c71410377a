"""The export of a device's logs: whole, rolled over, torn, some of them not collected."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

from agent_device.device import WINDOWS_ZONES, Device
from agent_device.records import (
    ACTIONS,
    CLIENT,
    EXECUTOR,
    HEALTH,
    IME,
    LINE_END,
    WORKLOAD,
    Record,
    tear,
    write_log,
)


def write_export(device: Device, out: Path) -> Path:
    """Write the logs as a folder or a ZIP, with what a collection loses; return its path."""
    chance = device.chance
    files: dict[str, bytes] = {}
    for log in (IME, WORKLOAD, ACTIONS, EXECUTOR, HEALTH, CLIENT):
        records = [record for record in device.records if record.log == log]
        gone = chance.random() < {IME: 0.0, WORKLOAD: 0.03, ACTIONS: 0.3, EXECUTOR: 0.15, HEALTH: 0.15}.get(
            log, 0.3
        )
        if gone or not records:
            for record in records:
                record.lost = True
            continue
        files |= parts_of(device, log, records)
    if device.zone_told:
        files["RegistryKey_TimeZoneInformation.reg"] = zone_file(device)
    return pack(files, out, zipped=chance.random() < 0.5)


def parts_of(device: Device, log: str, records: list[Record]) -> dict[str, bytes]:
    """Return one log's files: whole, rolled over with its older part kept, or without it."""
    chance = device.chance
    torn = tear(records, chance, 0.004) if log in {EXECUTOR, CLIENT} and chance.random() < 0.25 else {}
    appended = {place for place in range(1, len(records)) if chance.random() < 0.0005}
    write = {"zones": device.zones, "appended": set(), "torn": {}}
    fate = chance.random()
    if fate > 0.28 or len(records) < 50:
        return {
            f"{log}.log": write_log(f"{log}.log", records, **write | {"torn": torn, "appended": appended})
        }
    cut = chance.randrange(len(records) // 8, len(records) // 2)
    older, newer = records[:cut], records[cut:]
    shifted = {place - cut: head for place, head in torn.items() if place >= cut}
    kept = {f"{log}.log": write_log(f"{log}.log", newer, **write | {"torn": shifted})}
    if fate < 0.16:
        for record in older:
            record.lost = True
        return kept
    stamp = older[-1].at.astimezone(device.zones[-1][1])
    name = f"{log}-{stamp:%Y%m%d-%H%M%S}.log"
    early = {place: head for place, head in torn.items() if place < cut}
    return kept | {name: write_log(name, older, **write | {"torn": early})}


def zone_file(device: Device) -> bytes:
    zone = device.zones[-1][1]
    offset = device.start.astimezone(zone).utcoffset() or timedelta()
    bias = -int(offset.total_seconds() // 60) & 0xFFFFFFFF
    lines = (
        "Windows Registry Editor Version 5.00",
        "",
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation]",
        f'"TimeZoneKeyName"="{WINDOWS_ZONES[zone.key]}"',
        f'"ActiveTimeBias"=dword:{bias:08x}',
        "",
    )
    return ("\ufeff" + LINE_END.join(lines)).encode("utf-16-le")


def pack(files: dict[str, bytes], out: Path, *, zipped: bool) -> Path:
    folder = "Logs/"
    if zipped:
        path = out.with_suffix(".zip")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(folder + name, content)
        path.write_bytes(buffer.getvalue())
        return path
    (out / folder).mkdir(parents=True)
    for name, content in files.items():
        (out / folder / name).write_bytes(content)
    return out

"""Writers of the other files of an export: archive, cabinet, registry dump, agent's log. They share nothing with the kit."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from datetime import datetime


class Quad(int):
    """A 64-bit value of the registry."""


def write_zip(members: dict[str, bytes]) -> bytes:
    """An archive that is the same each time it is written."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 1)
    return out.getvalue()


def write_cab(members: dict[str, bytes]) -> bytes:
    """A cabinet whose one folder is stored uncompressed."""
    names = sorted(members)
    entries, at = b"", 0
    for name in names:
        raw = name.encode()
        entries += struct.pack("<IIHHHH", len(members[name]), at, 0, 0x5C21, 0, 0x20) + raw + b"\0"
        at += len(members[name])
    whole = b"".join(members[name] for name in names)
    blocks = [whole[n : n + 32768] for n in range(0, len(whole), 32768)]
    data = b"".join(struct.pack("<IHH", 0, len(block), len(block)) + block for block in blocks)
    first = 36 + 8
    start = first + len(entries)
    folder = struct.pack("<IHH", start, len(blocks), 0)
    head = struct.pack(
        "<4sIIIIIBBHHHHH", b"MSCF", 0, start + len(data), 0, first, 0, 3, 1, 1, len(names), 0, 0, 0
    )
    return head + folder + entries + data


def write_dump(keys: dict[str, dict]) -> bytes:
    """MdmDiagReport_RegistryDump.reg: indented values, kinds in capitals, nothing escaped; an empty line ends it."""
    lines = []
    for key, values in keys.items():
        lines.append(f"[HKEY_LOCAL_MACHINE\\{key}]")
        lines += [f'    "{name}"={_dumped(value)}' for name, value in values.items()]
        lines.append("")
    return ("\r\n".join(lines) + "\r\n").encode()


def _dumped(value: object) -> str:
    if isinstance(value, Quad):
        return f"QWORD:{value & 0xFFFFFFFFFFFFFFFF:016x}"
    if isinstance(value, int):
        return f"DWORD:{value & 0xFFFFFFFF:08x}"
    if isinstance(value, list):
        return 'MULTI_SZ:"' + ",".join(value) + '"'
    return f'"{value}"'


def write_reg(keys: dict[str, dict]) -> bytes:
    """What reg.exe exports: UTF-16 with a mark, everything escaped, an empty line at the end."""
    lines = ["Windows Registry Editor Version 5.00", ""]
    for key, values in keys.items():
        lines.append(f"[HKEY_LOCAL_MACHINE\\{key}]")
        for name, value in values.items():
            escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
            shown = f"dword:{value & 0xFFFFFFFF:08x}" if isinstance(value, int) else f'"{escaped}"'
            lines.append(f'"{name}"={shown}')
        lines.append("")
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-16-le")


def write_log(rows: list[tuple[datetime, str, int, int]], component: str) -> bytes:
    """An agent's log: local time, no offset, UTF-8 with a mark."""
    out = []
    for at, message, kind, thread in rows:
        out.append(
            f'<![LOG[{message}]LOG]!><time="{at:%H:%M:%S.%f}0" date="{at.month}-{at.day}-{at.year}" '
            f'component="{component}" context="" type="{kind}" thread="{thread}" file="">'
        )
    return ("\ufeff" + "\r\n".join(out) + "\r\n").encode()


def compact(value: object) -> str:
    """JSON without blanks, as the device writes it."""
    return json.dumps(value, separators=(",", ":"))

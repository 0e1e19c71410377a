"""Cabinet files (CAB), as mdmdiagnosticstool writes them, here with MSZIP or no compression.

The layout follows Microsoft's "Cabinet File Format" (MS-CAB): header, one folder, files, data blocks of at
most 32 KiB, each with its checksum. The same files give the same bytes wherever zlib is the same.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import xor
from typing import Literal

from autopilot_analysis.samples.formats.archive import FIXED

_BLOCK = 0x8000


def write_cabinet(
    files: Mapping[str, bytes],
    *,
    compression: Literal["mszip", "stored"] = "mszip",
    modified: datetime = FIXED,
) -> bytes:
    """Return a cabinet that holds `files` in the order given.

    Args:
        files: Content under each member's name; "/" becomes the backslash that cabinets use.
        compression: How the data blocks are packed.
        modified: Local time that every member carries.
    """
    content = b"".join(files.values())
    blocks = _blocks(content, compression)
    entries = _entries(files, modified)
    data_at = 36 + 8 + len(entries)
    folder = struct.pack("<IHH", data_at, len(blocks), 1 if compression == "mszip" else 0)
    size = data_at + sum(map(len, blocks))
    head = struct.pack("<4sIIIIIBBHHHHH", b"MSCF", 0, size, 0, 44, 0, 3, 1, 1, len(files), 0, 0, 0)
    return head + folder + entries + b"".join(blocks)


def _entries(files: Mapping[str, bytes], modified: datetime) -> bytes:
    date = (modified.year - 1980) << 9 | modified.month << 5 | modified.day
    time = modified.hour << 11 | modified.minute << 5 | modified.second // 2
    out, offset = bytearray(), 0
    for name, content in files.items():
        attributes = 0x20 if name.isascii() else 0xA0
        out += struct.pack("<IIHHHH", len(content), offset, 0, date, time, attributes)
        out += name.replace("/", "\\").encode() + b"\0"
        offset += len(content)
    return bytes(out)


def _blocks(content: bytes, compression: str) -> list[bytes]:
    blocks, previous = [], b""
    for start in range(0, len(content), _BLOCK):
        plain = content[start : start + _BLOCK]
        packed = b"CK" + _deflate(plain, previous) if compression == "mszip" else plain
        sizes = struct.pack("<HH", len(packed), len(plain))
        blocks.append(struct.pack("<I", _checksum(sizes, _checksum(packed, 0))) + sizes + packed)
        previous = plain
    return blocks


def _deflate(plain: bytes, previous: bytes) -> bytes:
    """Pack one block; it may refer to the block before it."""
    if previous:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, previous)
    else:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return packer.compress(plain) + packer.flush()


def _checksum(raw: bytes, seed: int) -> int:
    """Fold little-endian 32-bit words together; left-over bytes count from the highest down."""
    whole = len(raw) // 4 * 4
    words = array("I", raw[:whole])
    return reduce(xor, words, seed) ^ int.from_bytes(raw[whole:], "big")

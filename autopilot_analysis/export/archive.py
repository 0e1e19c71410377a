"""What a ZIP file lists: its entries, each checked before anything of it is unpacked."""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipInfo

from autopilot_analysis.errors import DamagedArchive, Encrypted, UnsafeName, Unsupported
from autopilot_analysis.export.content import DAMAGE, Content, ZipEntry
from autopilot_analysis.export.limits import Budget
from autopilot_analysis.export.workspace import Workspace

METHODS = {9: "Deflate64", 12: "BZip2", 14: "LZMA", 93: "Zstandard", 98: "PPMd", 99: "AES encryption"}
"""Names of packing methods by number (PKWARE: .ZIP File Format Specification)."""
UNPACKED = (ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA)


class Entry(NamedTuple):
    """One file an archive lists: its name as spelt, its bytes, its packed size, and why it cannot be read."""

    name: str
    content: Content
    packed: int
    refused: Exception | None = None


def zip_entries(
    path: Path, workspace: Workspace, budget: Budget, *, counted: bool = False
) -> Iterator[Entry]:
    """Yield every file a ZIP lists, in its order.

    Args:
        path: The ZIP file.
        workspace: Keeps the ZIP open while members are read.
        budget: Bounds the directories of all archives together, which are held in memory.
        counted: Whether `zip_names` counted this directory already.

    Raises:
        DamagedArchive: The file is cut or is no ZIP.
        LimitExceeded: The directories are far longer than the allowed number of files needs.
    """
    if not counted:
        budget.take_listing(_directory_bytes(path))
    for entry in _listed(path, workspace):
        if not entry.orig_filename.endswith(("/", "\\")):
            content = ZipEntry(entry.file_size, path, entry, workspace)
            yield Entry(entry.orig_filename, content, entry.compress_size, _refusal(entry))


def zip_names(path: Path, workspace: Workspace, budget: Budget) -> list[str]:
    """Return the names of the files that a ZIP lists, and count its directory.

    Args:
        path: The ZIP file.
        workspace: Keeps the ZIP open while members are read.
        budget: Bounds the directories of all archives together, which are held in memory.

    Raises:
        DamagedArchive: The file is cut or is no ZIP.
        LimitExceeded: The directories are far longer than the allowed number of files needs.
    """
    budget.take_listing(_directory_bytes(path))
    return [entry.filename for entry in _listed(path, workspace)]


def _listed(path: Path, workspace: Workspace) -> list[ZipInfo]:
    try:
        return workspace.zip_file(path).infolist()
    except DAMAGE as error:
        raise DamagedArchive(f"is a ZIP file that is cut or damaged: {error}") from error


def _refusal(entry: ZipInfo) -> Exception | None:
    """Return why an entry cannot be read, as the error it stands for."""
    if entry.flag_bits & 0x1:
        return Encrypted("is encrypted with a password")
    if entry.compress_type not in UNPACKED:
        method = METHODS.get(entry.compress_type, f"method {entry.compress_type}")
        return Unsupported(f"is packed with {method}")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return UnsafeName("is a symbolic link")
    return None


def _directory_bytes(path: Path) -> int:
    """Return the length of the directory, before the library reads it whole into memory."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 66_000))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise DamagedArchive(
            "is a ZIP file whose end is missing; it was cut while it was copied or downloaded"
        )
    length: int = struct.unpack_from("<I", tail, end + 12)[0]
    wide = tail.rfind(b"PK\x06\x06", 0, end)
    if length == 0xFFFFFFFF and wide >= 0 and len(tail) - wide >= 48:
        length = struct.unpack_from("<Q", tail, wide + 40)[0]
    return min(length, size)

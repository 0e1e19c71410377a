"""The solid streams of a cabinet's folders, unpacked: stored, MSZIP or LZX, block by checked block.

What came out before damage or a cut is kept, by whole blocks. Source: Microsoft Cabinet Format (MS-CAB).
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from autopilot_analysis.errors import AnalysisError, DamagedArchive
from autopilot_analysis.export.cabinet.lzx import LzxStream

STORED, MSZIP, QUANTUM, LZX = range(4)
BLOCK = 32_768
HEAD: Final = struct.Struct("<IHH")
MASK = 0xFFFFFFFF

Unpacker = Callable[[bytes, int], bytes]


class Folder(msgspec.Struct):
    """One solid stream: its blocks that are wholly present, and where it was unpacked to."""

    unpacked: int
    packed: int
    blocks: int = 0
    start: int = 0
    reserve: int = 0
    packing: int = 0
    path: Path | None = None
    done: int = 0
    failed: AnalysisError | None = None

    @property
    def method(self) -> int:
        """How its blocks are packed."""
        return self.packing & 0xF


def unpack_folder(cabinet: mmap.mmap, folder: Folder, size: int, into: Path) -> int:
    """Unpack the first bytes of a folder into a file; return how many came out before the end, or damage.

    Args:
        cabinet: All of it.
        folder: One whose method is known.
        size: Bytes to unpack.
        into: The file to write.
    """
    done = 0
    with into.open("wb") as file, suppress(DamagedArchive):  # members beyond the damage say so themselves
        unpack = _unpacker(folder)
        for packed, unpacked in _blocks(cabinet, folder):
            if done >= size:
                break
            piece = unpack(packed, unpacked)[: size - done]
            file.write(piece)
            done += len(piece)
    return done


def _blocks(cabinet: mmap.mmap, folder: Folder) -> Iterator[tuple[bytes, int]]:
    """Yield the packed bytes of each block and the size they unpack to."""
    position = folder.start
    for _ in range(folder.blocks):
        checksum, packed, unpacked = HEAD.unpack_from(cabinet, position)
        position += HEAD.size + folder.reserve
        content = cabinet[position : position + packed]
        if checksum and checksum != _checksum(content) ^ (unpacked << 16 | packed):
            raise DamagedArchive("is damaged: the checksum of a block differs")
        yield content, unpacked
        position += packed


def _checksum(content: bytes) -> int:
    """Return the exclusive or of all words of 32 bits; of a cut last word the bytes count upside down."""
    whole = len(content) // 4
    tail = int.from_bytes(content[4 * whole :], "big")
    words, folded = whole, int.from_bytes(content[: 4 * whole], "little")
    while words > 1:  # the upper half over the lower, until one word is left
        half = words // 2
        upper = folded >> 32 * (words - half)
        folded = (folded & ((1 << 32 * (words - half)) - 1)) ^ upper
        words -= half
    return folded ^ tail


def _unpacker(folder: Folder) -> Unpacker:
    """Return what unpacks the blocks of a folder, in their order."""
    if folder.method == MSZIP:
        return _mszip()
    if folder.method == LZX:
        return LzxStream(folder.packing >> 8 & 0x1F).frame
    return _stored


def _stored(packed: bytes, size: int) -> bytes:
    if len(packed) != size:
        raise DamagedArchive("is damaged: a stored block is of another size")
    return packed


def _mszip() -> Unpacker:
    """Return an unpacker of MSZIP blocks: each is deflated by itself, and may quote the block before."""
    before = b""

    def unpack(packed: bytes, size: int) -> bytes:
        nonlocal before
        if packed[:2] != b"CK":
            raise DamagedArchive("is damaged: an MSZIP block has no signature")
        try:
            content = zlib.decompressobj(-zlib.MAX_WBITS, zdict=before).decompress(packed[2:], size + 1)
        except zlib.error as error:
            raise DamagedArchive(f"is damaged: {error}") from error
        if len(content) != size:
            raise DamagedArchive("is damaged: an MSZIP block unpacks to another size")
        before = (before + content)[-BLOCK:]
        return content

    return unpack

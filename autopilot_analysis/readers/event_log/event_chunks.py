"""The file structure of a Windows event log: which chunks are there, which are sound, and what is missing.

An event log (EVTX) is a header of 4 KiB followed by chunks of 64 KiB, each readable without the others.
Facts: libyal libevtx, "Windows XML Event Log (EVTX) file format".
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import msgspec

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Unread

FILE_MAGIC = b"ElfFile\0"
CHUNK_MAGIC = b"ElfChnk\0"
HEADER_BYTES = 4096
CHUNK_BYTES = 65536
EXPORT_AGAIN = "Collect the log again; what is lost here is not in this export."

RECORD_MAGIC = b"**\0\0"
FIRST_RECORD = 512
SMALLEST_RECORD = 28
_NO_CHECKSUMS = 4
_NO_RECORD = 2**64 - 1


class Chunk(msgspec.Struct, frozen=True):
    """One chunk that carries its magic, and what its header says of it."""

    number: int
    content: memoryview
    first: int
    last: int
    expected: int
    free: int
    whole: bool
    checked: bool

    @classmethod
    def of(cls, number: int, content: memoryview, *, checksums: bool) -> Chunk:
        """Read the header of one chunk.

        Args:
            number: Its position in the file, from 0.
            content: Its bytes; fewer than 64 KiB when the file ends inside it.
            checksums: Whether the file claims to carry checksums.
        """
        header = bytes(content[:FIRST_RECORD]).ljust(FIRST_RECORD, b"\0")
        first_number, last_number, first, last, _, _, free, crc = struct.unpack_from("<QQQQIIII", header, 8)
        flags, header_crc = struct.unpack_from("<II", header, 120)
        whole = len(content) == CHUNK_BYTES
        sound = zlib.crc32(header[128:], zlib.crc32(header[:120])) == header_crc
        sound = sound and zlib.crc32(content[FIRST_RECORD:free]) == crc
        count = last_number - first_number + 1
        return cls(
            number=number,
            content=content,
            first=first,
            last=last,
            expected=count if 0 < count <= CHUNK_BYTES // SMALLEST_RECORD and last != _NO_RECORD else 0,
            free=free if FIRST_RECORD <= free <= len(content) else len(content),
            whole=whole,
            checked=not whole or sound or not checksums or bool(flags & _NO_CHECKSUMS),
        )

    def readable(self) -> bytes:
        """Return the chunk as 64 KiB that a parser accepts; records a cut would have torn are left out."""
        if self.whole:
            return bytes(self.content)
        end = FIRST_RECORD
        for start, size in _records(self.content):
            end = start + size
        return bytes(self.content[:end]).ljust(CHUNK_BYTES, b"\0")

    def mended(self) -> bytes:
        """Return the chunk with the chain of records restored where a record's size is damaged.

        Every record begins with a magic and its size; where the size leads nowhere, the next magic tells it.
        The damaged record itself stays damaged, those behind it can be reached again.
        """
        mended = bytearray(self.readable())
        at = FIRST_RECORD
        while at < self.free:
            size = _record_size(mended, at)
            if size is None:
                following = mended.find(RECORD_MAGIC, at + SMALLEST_RECORD, self.free)
                size = (following if following >= 0 else self.free) - at
                mended[at : at + 8] = RECORD_MAGIC + struct.pack("<I", size)
            at += size
        return bytes(mended)


class LogFile(msgspec.Struct, frozen=True):
    """An event log's header, set against the bytes that came."""

    content: memoryview
    chunk_count: int
    next_record: int
    dirty: bool
    checksums: bool
    trusted: bool

    @classmethod
    def of(cls, content: bytes, member: str) -> LogFile:
        """Read the header of an event log.

        Args:
            content: The whole file, sound or damaged.
            member: Its name, for the error message.

        Raises:
            NotThisFormat: The bytes do not begin like an event log.
        """
        if not content.startswith(FILE_MAGIC):
            begin = content[:8].hex(" ") or "nothing"
            raise NotThisFormat.of(member, f"begins with {begin}, an event log with 'ElfFile'")
        header = content[:128].ljust(128, b"\0")
        (next_record,) = struct.unpack_from("<Q", header, 24)
        (chunk_count,) = struct.unpack_from("<H", header, 42)
        flags, crc = struct.unpack_from("<II", header, 120)
        checksums = not flags & _NO_CHECKSUMS
        trusted = not checksums or zlib.crc32(header[:120]) == crc
        return cls(memoryview(content), chunk_count, next_record, bool(flags & 1), checksums, trusted)

    @property
    def slots(self) -> int:
        """How many places for a chunk the file holds, the last one perhaps cut."""
        return max(0, -(-(len(self.content) - HEADER_BYTES) // CHUNK_BYTES))

    @property
    def missing(self) -> int:
        """How many chunks the header counts that are not wholly in the file."""
        whole = max(0, len(self.content) - HEADER_BYTES) // CHUNK_BYTES
        return max(0, self.chunk_count - whole) if self.trusted else 0

    def chunks(self) -> Iterator[Chunk]:
        """Yield every chunk that carries its magic, in file order."""
        for number in range(self.slots):
            content = self._slot(number)
            if content[:8] == CHUNK_MAGIC:
                yield Chunk.of(number, content, checksums=self.checksums)

    def lost_slots(self) -> list[int]:
        """Return the positions that should hold a chunk and do not."""
        return [
            number
            for number in range(self.slots)
            if self._slot(number)[:8] != CHUNK_MAGIC and (number < self.chunk_count or self._is_used(number))
        ]

    def header_gaps(self) -> Iterator[Unread]:
        """Yield what the header alone shows: a cut file, or a header that cannot be trusted."""
        if len(self.content) < HEADER_BYTES:
            yield Unread("the file ends inside its own header", advice=EXPORT_AGAIN)
        elif not self.trusted:
            yield Unread(
                "the checksum of the file header does not match: how many chunks there were is not known",
                advice=EXPORT_AGAIN,
            )
        elif self.missing:
            yield Unread(
                f"the file is cut: {self.missing} of the {self.chunk_count} chunks its header counts"
                " are not, or not wholly, in it",
                count=self.missing,
                advice=EXPORT_AGAIN,
            )

    def _is_used(self, number: int) -> bool:
        """Tell whether anything but zeros stands where a chunk may; bytes compare faster than views."""
        content = bytes(self._slot(number))
        return content != bytes(len(content))

    def _slot(self, number: int) -> memoryview:
        start = HEADER_BYTES + number * CHUNK_BYTES
        return self.content[start : start + CHUNK_BYTES]


def lost_chunk_gaps(slots: list[int], chunks: list[Chunk], count: int) -> Iterator[Unread]:
    """Yield one gap for each run of neighbouring chunks that are not there.

    Args:
        slots: Positions without a chunk, ascending.
        chunks: The chunks that are there.
        count: How many chunks the file's ring holds: after the last one follows the first.
    """
    by_number = {chunk.number: chunk for chunk in chunks if chunk.expected}
    for first, last in _runs(slots):
        before = by_number.get((first - 1) % count if count else first - 1)
        after = by_number.get((last + 1) % count if count else last + 1)
        lost = after.first - before.last - 1 if before and after and after.first > before.last else None
        which = f"chunk {first} has" if first == last else f"chunks {first} to {last} have"
        declared = (
            f"; records {before.last + 1} to {after.first - 1} are lost" if lost and before and after else ""
        )
        yield Unread(
            f"{which} no readable beginning{declared}",
            record=before.last + 1 if lost and before else None,
            count=lost,
            advice=EXPORT_AGAIN,
        )


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of each run of consecutive numbers."""
    first = previous = None
    for number in numbers:
        if previous is None or number != previous + 1:
            if first is not None and previous is not None:
                yield first, previous
            first = number
        previous = number
    if first is not None and previous is not None:
        yield first, previous


def _records(content: memoryview) -> Iterator[tuple[int, int]]:
    """Yield (offset, size) of the whole records of a chunk, up to the first that is none."""
    at = FIRST_RECORD
    while (size := _record_size(content, at)) is not None:
        yield at, size
        at += size


def _record_size(content: memoryview | bytearray, at: int) -> int | None:
    """Return the size of the record at `at`, or None where no whole record stands."""
    if at + SMALLEST_RECORD > len(content) or bytes(content[at : at + 4]) != RECORD_MAGIC:
        return None
    (size,) = struct.unpack_from("<I", content, at + 4)
    return size if SMALLEST_RECORD <= size <= len(content) - at else None

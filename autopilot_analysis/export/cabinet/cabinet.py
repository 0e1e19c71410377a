"""What a cabinet lists, and its folders unpacked in one pass each.

A cabinet's folder is one solid stream, so taking members out one by one would unpack it once for each. Here
it is unpacked once, into a file under a number; members are stretches of that file, and no name of theirs
reaches the disk. What came out before damage or a cut is kept. Layout: Microsoft Cabinet Format (MS-CAB).
The times a cabinet gives are local to the device, without a zone, and are never read.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from autopilot_analysis.errors import PASS_FOLDER, AnalysisError, DamagedArchive, LimitExceeded, Unsupported
from autopilot_analysis.export.archive import Entry
from autopilot_analysis.export.cabinet import fast
from autopilot_analysis.export.cabinet.streams import BLOCK, LZX, QUANTUM, Folder, unpack_folder
from autopilot_analysis.export.content import Stretch
from autopilot_analysis.export.limits import Budget
from autopilot_analysis.export.workspace import Workspace

PREVIOUS, NEXT, RESERVE = 1, 2, 4
FROM_PREVIOUS, TO_NEXT, BOTH = 0xFFFD, 0xFFFE, 0xFFFF
METHODS = range(4)
FOLDERS = 1_000
UTF8_NAME = 0x80


class Listed(msgspec.Struct, frozen=True):
    """One file as the cabinet's table lists it; `folder` is None when its stream lies in another cabinet."""

    name: str
    size: int
    offset: int
    folder: int | None


class Header(msgspec.Struct, frozen=True):
    """The tables at the start of a cabinet."""

    declared: int
    one_entry_at: int
    folders: list[Folder]
    files: list[Listed]


def read_header(path: Path) -> Header:
    """Return a cabinet's tables.

    Args:
        path: The cabinet.

    Raises:
        DamagedArchive: The tables are cut or contradict themselves.
        LimitExceeded: The cabinet has more folders than any genuine one.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as bytes_:
            return _parse(bytes_)
    except (struct.error, ValueError, OSError) as error:
        raise DamagedArchive("is a cabinet whose tables are cut or damaged") from error


def cabinet_entries(
    path: Path,
    workspace: Workspace,
    budget: Budget,
    note: Callable[[AnalysisError], object] = lambda _: None,
) -> Iterator[Entry]:
    """Yield every file a cabinet lists, unpacked, in its order.

    Args:
        path: The cabinet; it is left as it is.
        workspace: Where the folders are unpacked.
        budget: Bounds what a folder may unpack to.
        note: Called with what stopped the native unpacker, once at most; all is read without it then.

    Raises:
        DamagedArchive: The tables are cut.
        LimitExceeded: A folder is a bomb, larger than the room that is left, or more files than allowed.
        Unsupported: A folder is packed in a way unknown.
    """
    header = read_header(path)
    budget.take_listing(sum(16 + len(listed.name) for listed in header.files))
    for folder in header.folders:
        budget.check_ratio(folder.unpacked, folder.packed)
    if (size := sum(folder.unpacked for folder in header.folders)) > budget.bytes_left:
        raise LimitExceeded.over(f"unpacks to {size:,} bytes", "total_bytes")
    ends = _ends(header)
    budget.take_bytes(_unlisted(ends, header))
    _unpack(path, header, ends, workspace, note)
    for listed in header.files:
        stream = header.folders[listed.folder] if listed.folder is not None else None
        content = Stretch(listed.size, (stream and stream.path) or path, listed.offset, workspace)
        yield Entry(listed.name, content, listed.size, _refusal(listed, stream))


def _unlisted(ends: dict[int, int], header: Header) -> int:
    """Return how many bytes unpacking puts on disk beyond the members' own, which are counted one by one."""
    return max(0, sum(ends.values()) - sum(listed.size for listed in header.files))


def _ends(header: Header) -> dict[int, int]:
    """Return how much of each folder is to be unpacked: up to the end of the last file that lies in it."""
    ends: dict[int, int] = {}
    for listed in header.files:
        if listed.folder is not None:
            end = min(listed.offset + listed.size, header.folders[listed.folder].unpacked)
            ends[listed.folder] = max(end, ends.get(listed.folder, 0))
    return ends


def _refusal(listed: Listed, folder: Folder | None) -> Exception | None:
    """Return why a file could not be unpacked, as the error it stands for."""
    if folder is None:
        return Unsupported(
            f"continues in another cabinet of a set; join the set with expand.exe {PASS_FOLDER}"
        )
    if listed.offset + listed.size <= folder.done:
        return None
    if folder.failed is not None:
        return folder.failed
    there = max(0, folder.done - listed.offset)
    how = "cut" if folder.unpacked < listed.offset + listed.size else "damaged"
    return DamagedArchive(f"is {how}: {there:,} of {listed.size:,} bytes could be unpacked")


def _parse(cabinet: mmap.mmap) -> Header:
    """Read header, folder table and file table."""
    declared, files_at = struct.unpack_from("<8xI4xI", cabinet)
    folder_count, file_count, flags = struct.unpack_from("<HHH", cabinet, 26)
    position, folder_reserve, block_reserve = 36, 0, 0
    if flags & RESERVE:
        header_reserve, folder_reserve, block_reserve = struct.unpack_from("<HBB", cabinet, 36)
        position = 40 + header_reserve
    for _ in range(2 * bool(flags & PREVIOUS) + 2 * bool(flags & NEXT)):
        position = _end_of_text(cabinet, position) + 1
    if folder_count > FOLDERS:
        raise LimitExceeded(f"is a cabinet of {folder_count:,} folders; genuine ones have a few")
    starts = [position + at * (8 + folder_reserve) for at in range(folder_count)]
    folders: list[Folder] = []
    left = len(cabinet) // 8  # folders may not share blocks, or a thousand of them would be walked for ever
    for start in starts:
        folders.append(_folder(cabinet, start, block_reserve, left))
        left -= folders[-1].blocks
    end = position + folder_count * (8 + folder_reserve)
    return Header(declared, end, folders, _files(cabinet, files_at, file_count, folder_count))


def _folder(cabinet: mmap.mmap, at: int, reserve: int, most: int) -> Folder:
    """Walk at most so many data blocks of one folder and add up those that are wholly present."""
    position, blocks, packing = struct.unpack_from("<IHH", cabinet, at)
    folder = Folder(0, 0, start=position, reserve=reserve, packing=packing)
    if folder.method not in METHODS:
        folder.failed = Unsupported(f"is packed in a way unknown here ({folder.method})")
        return folder
    if folder.method == QUANTUM and not fast.is_installed():
        folder.failed = Unsupported(f"is packed with Quantum, which needs the extra: {fast.EXTRA}")
        return folder
    for _ in range(min(blocks, most)):
        if position + 8 + reserve > len(cabinet):
            break
        packed, unpacked = struct.unpack_from("<4xHH", cabinet, position)
        position += 8 + reserve + packed
        if position > len(cabinet) or not 0 < unpacked <= BLOCK:
            break
        folder.unpacked += unpacked
        folder.packed += packed
        folder.blocks += 1
    return folder


def _files(cabinet: mmap.mmap, position: int, count: int, folders: int) -> list[Listed]:
    """Read the file table; a file whose stream begins or ends in another cabinet has no folder here."""
    files = []
    for _ in range(count):
        size, offset, folder, attributes = struct.unpack_from("<IIH4xH", cabinet, position)
        end = _end_of_text(cabinet, position + 16)
        files.append(
            Listed(
                _decode(cabinet[position + 16 : end], attributes),
                size,
                offset,
                folder if folder < folders else None,
            )
        )
        position = end + 1
        if folder >= folders and folder not in (FROM_PREVIOUS, TO_NEXT, BOTH):
            raise ValueError("a file names a folder that is not there")
    return files


def _end_of_text(cabinet: mmap.mmap, start: int) -> int:
    """Return where a text of at most 256 bytes ends."""
    end = cabinet.find(b"\0", start, start + 257)
    if end < 0:
        raise ValueError("a name has no end")
    return end


def _decode(name: bytes, attributes: int) -> str:
    """Return a file name; without its UTF-8 flag the code page is unknown, and Western is the likeliest."""
    try:
        return name.decode("utf-8" if attributes & UTF8_NAME or name.isascii() else "cp1252")
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _unpack(
    path: Path,
    header: Header,
    ends: dict[int, int],
    workspace: Workspace,
    note: Callable[[AnalysisError], object],
) -> None:
    """Unpack every folder that a file lies in, each in one pass."""
    numbers = [number for number in sorted(ends) if header.folders[number].failed is None]
    stopped = False
    for number in numbers:
        folder, size = header.folders[number], ends[number]
        folder.path = workspace.new_path()
        if not stopped and _is_for_fast(folder, size):
            job = fast.Job(path, header.one_entry_at, number, size, folder.path)
            try:
                folder.done = fast.unpack(job, workspace.new_path())
                continue
            except AnalysisError as error:
                stopped = True
                note(error)
        folder.done = _unpack_plainly(path, folder, size, folder.path)


def _is_for_fast(folder: Folder, size: int) -> bool:
    """Tell whether the native unpacker is worth a process: for what only it unpacks, or it faster."""
    worth = folder.method == QUANTUM or (folder.method == LZX and size >= fast.WORTH)
    return worth and fast.is_installed()


def _unpack_plainly(path: Path, folder: Folder, size: int, into: Path) -> int:
    """Unpack the first bytes of a folder here; return how many came out."""
    if folder.method == QUANTUM or not size:
        into.touch()
        return 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as cabinet:
        return unpack_folder(cabinet, folder, size, into)

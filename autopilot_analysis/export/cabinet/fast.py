"""The native unpacker of the extra `fast`: libmspack in a process of its own, held to memory, time and files.

It reads hostile bytes in C, so nothing it does may reach this process: it may crash, loop or eat memory,
and the plain reader goes on from the beginning. libmspack takes out members by name only; here the header
is rewritten, in a private copy, to list one member that spans the whole folder.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgspec

from autopilot_analysis.boundary import child_environment
from autopilot_analysis.errors import DamagedArchive, how_to_install

EXTRA = how_to_install("fast")
WORKER = Path(__file__).with_name("fast_worker.py")
WORTH = 2 << 20
"""Unpacked bytes of an LZX folder below which starting a process costs more than it saves."""
MEMORY = 1 << 30
"""Bytes of address space that a worker may take; LZX needs 2 MiB of it, Python most of the rest."""
PATIENCE = 10.0
"""Seconds a worker may take for any folder, and one more for each `BYTES_PER_SECOND`."""
BYTES_PER_SECOND = 20 << 20
FILES = 32


class Job(msgspec.Struct, frozen=True):
    """One folder to unpack: of which cabinet, where that lists its files, how much, and where to."""

    cabinet: Path
    entry_at: int
    folder: int
    size: int
    into: Path


@cache
def is_installed() -> bool:
    """Tell whether the extra is there; nothing of it is loaded into this process."""
    return find_spec("pylibmspack") is not None


def unpack(job: Job, room: Path) -> int:
    """Unpack a folder in a process of its own; return how many bytes came out before its end, or damage.

    Args:
        job: What to unpack.
        room: A private folder that does not exist yet; it is gone afterwards.

    Raises:
        DamagedArchive: The process crashed, took too long, or was stopped at a limit.
    """
    room.mkdir()
    try:
        _write_copy(job, room / "c")
        _run(job, room)
        (room / "f").replace(job.into)
    except FileNotFoundError:
        job.into.touch()
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return job.into.stat().st_size


def _write_copy(job: Job, copy: Path) -> None:
    """Write a copy of the cabinet that lists one file, which spans the folder."""
    shutil.copyfile(job.cabinet, copy)
    with copy.open("r+b") as file:
        file.seek(16)
        file.write(struct.pack("<I", job.entry_at))
        file.seek(28)
        file.write(struct.pack("<H", 1))
        file.seek(job.entry_at)
        file.write(struct.pack("<IIHHHH2s", job.size, 0, job.folder, 0, 0, 0, b"f\0"))


def _run(job: Job, room: Path) -> None:
    """Let the worker unpack, in its room, under names that every system takes."""
    seconds = PATIENCE + job.size / BYTES_PER_SECOND
    limits = [str(limit) for limit in (MEMORY, int(seconds) + 1, job.size + (1 << 20), FILES, job.size)]
    command = [sys.executable, "-P", str(WORKER), *limits]
    try:
        done = subprocess.run(
            command, cwd=room, env=child_environment(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise DamagedArchive(_stopped(f"was stopped after {seconds:.0f} s")) from None
    if done.returncode:
        raise DamagedArchive(_stopped(f"ended with status {done.returncode}"))


def _stopped(how: str) -> str:
    return f"the native unpacker (extra fast) {how}; the cabinet was read without it"

"""The private room on disk where archives are unpacked, and the ZIP files held open."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import weakref
from collections import OrderedDict
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO
from zipfile import ZipFile

if sys.platform != "win32":
    import fcntl

ZIPS_OPEN = 32
ALIVE = "alive"
"""A file in each room that its process holds until it ends, however it ends."""


class Workspace:
    """A private temporary folder that vanishes when it is closed or when nobody holds it any more."""

    def __init__(self) -> None:
        self._numbers = count()
        self._zips: OrderedDict[Path, ZipFile] = OrderedDict()
        self._folders: list[tempfile.TemporaryDirectory[str]] = []
        self._held: list[IO[bytes]] = []
        self._finalizer = weakref.finalize(self, _clear, self._zips, self._folders, self._held)

    def new_path(self) -> Path:
        """Return a path in the room that nothing lies at yet; it owes nothing to any member's name."""
        if not self._folders:
            _remove_dead(Path(_narrow_folder() or tempfile.gettempdir()))
            room = tempfile.TemporaryDirectory(
                prefix="autopilot-", dir=_narrow_folder(), ignore_cleanup_errors=True
            )
            self._folders.append(room)
            self._held.append(_hold(Path(room.name)))
        return Path(self._folders[0].name) / f"{next(self._numbers)}"

    def zip_file(self, path: Path) -> ZipFile:
        """Return the ZIP file at a path, open; the least recently used is closed when many are.

        Raises:
            ValueError: The room was closed.
        """
        if not self._finalizer.alive:
            raise ValueError("the export was closed")
        if path not in self._zips:
            self._zips[path] = ZipFile(path)
            if len(self._zips) > ZIPS_OPEN:
                self._zips.popitem(last=False)[1].close()
        self._zips.move_to_end(path)
        return self._zips[path]

    def close(self) -> None:
        """Close every file and remove the room; a second call does nothing."""
        self._finalizer()


def _narrow_folder() -> str | None:
    """Return where the room is made; the cabinet library opens only narrow paths on Windows."""
    if os.name == "nt" and not tempfile.gettempdir().isascii():
        return os.environ.get("ProgramData")  # noqa: SIM112  # spelt so by Windows
    return None


def _hold(room: Path) -> IO[bytes]:
    """Mark a room as in use for as long as the file that is returned stays open."""
    file = (room / f"{ALIVE}.new").open("wb")
    if sys.platform != "win32":
        with suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        Path(file.name).rename(room / ALIVE)
        return file
    file.close()
    Path(file.name).rename(room / ALIVE)
    return (room / ALIVE).open("ab")


def _remove_dead(place: Path) -> None:
    """Remove the rooms of processes that were killed: what they unpacked is nobody's and takes space."""
    for room in place.glob("autopilot-*"):
        with suppress(OSError):
            if room.is_symlink() or (sys.platform != "win32" and room.lstat().st_uid != os.geteuid()):
                continue
            if sys.platform == "win32":
                (room / ALIVE).unlink()  # refused while its process holds it open
            else:
                with (room / ALIVE).open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(room, ignore_errors=True)


def _clear(
    zips: OrderedDict[Path, ZipFile],
    folders: list[tempfile.TemporaryDirectory[str]],
    held: list[IO[bytes]],
) -> None:
    """Close every file first: Windows removes no open file."""
    while zips:
        zips.popitem()[1].close()
    while held:
        held.pop().close()
    while folders:
        folders.pop().cleanup()

"""The private room on disk where archives are unpacked, and the ZIP files held open."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections import OrderedDict
from itertools import count
from pathlib import Path
from zipfile import ZipFile

ZIPS_OPEN = 32


class Workspace:
    """A private temporary folder that vanishes when it is closed or when nobody holds it any more."""

    def __init__(self) -> None:
        self._numbers = count()
        self._zips: OrderedDict[Path, ZipFile] = OrderedDict()
        self._folders: list[tempfile.TemporaryDirectory[str]] = []
        self._finalizer = weakref.finalize(self, _clear, self._zips, self._folders)

    def new_path(self) -> Path:
        """Return a path in the room that nothing lies at yet; it owes nothing to any member's name."""
        if not self._folders:
            self._folders.append(
                tempfile.TemporaryDirectory(
                    prefix="autopilot-", dir=_narrow_folder(), ignore_cleanup_errors=True
                )
            )
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


def _clear(zips: OrderedDict[Path, ZipFile], folders: list[tempfile.TemporaryDirectory[str]]) -> None:
    """Close the ZIP files first: Windows removes no open file."""
    while zips:
        zips.popitem()[1].close()
    while folders:
        folders.pop().cleanup()

"""Where the bytes of one member lie: a loose file, an entry of a ZIP, or a stretch of an unpacked cabinet."""

from __future__ import annotations

import io
import lzma
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipInfo

from autopilot_analysis.errors import DamagedArchive
from autopilot_analysis.export.magic import HEAD
from autopilot_analysis.export.workspace import Workspace

CHUNK = 1 << 20
DAMAGE = (BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
"""What the unpackers of the standard library raise on hostile bytes."""


@dataclass(frozen=True)
class Content(ABC):
    """The bytes of one member, not yet read; `size` is what its container declares."""

    size: int

    @abstractmethod
    def open(self) -> IO[bytes]:
        """Return a stream of the bytes from their start."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in order, never more than declared.

        Raises:
            DamagedArchive: The bytes cannot be unpacked, or are more or fewer than declared.
        """
        done = 0
        with _damage_named(), self.open() as stream:
            while chunk := stream.read(min(CHUNK, self.size - done + 1)):
                done += len(chunk)
                if done > self.size:
                    break
                yield chunk
        self._check(done)

    def head(self, most: int = HEAD) -> bytes:
        """Return the first bytes, at most `most`.

        Raises:
            DamagedArchive: Not even those can be unpacked.
        """
        with _damage_named(), self.open() as stream:
            return stream.read(most)

    def read(self) -> bytes:
        """Return all bytes.

        Raises:
            DamagedArchive: They cannot be unpacked, or are not as many as declared.
        """
        with _damage_named(), self.open() as stream:
            content = stream.read(self.size + 1)
        self._check(len(content))
        return content

    def _check(self, done: int) -> None:
        """Refuse what unpacked to more or fewer bytes than its container declares."""
        if done != self.size:
            raise DamagedArchive(
                f"declares {self.size:,} bytes and holds {'more' if done > self.size else done}"
            )

    def on_disk(self, workspace: Workspace) -> Path:
        """Return a file that holds the bytes, written into the workspace where there is none yet.

        Raises:
            DamagedArchive: The bytes cannot be unpacked.
        """
        path = workspace.new_path()
        with path.open("wb") as file:
            for chunk in self.chunks():
                file.write(chunk)
        return path


@dataclass(frozen=True)
class LooseFile(Content):
    """A file as it lies in a folder."""

    path: Path

    def open(self) -> IO[bytes]:
        """Return the file, opened."""
        return self.path.open("rb")

    def on_disk(self, workspace: Workspace) -> Path:  # noqa: ARG002  # it lies there already
        """Return the file itself."""
        return self.path


@dataclass(frozen=True)
class ZipEntry(Content):
    """One entry of a ZIP file, unpacked while it is read."""

    path: Path
    entry: ZipInfo
    workspace: Workspace

    def open(self) -> IO[bytes]:
        """Return the entry, unpacking as it is read."""
        return self.workspace.zip_file(self.path).open(self.entry)


@dataclass(frozen=True)
class Stretch(Content):
    """One member of an unpacked cabinet: a stretch of the file its folder was unpacked to."""

    path: Path
    offset: int
    workspace: Workspace

    def open(self) -> IO[bytes]:
        """Return the stretch as a stream; the member's size is bounded by the limits."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return io.BytesIO(file.read(self.size))

    def head(self, most: int = HEAD) -> bytes:
        """Return the first bytes without reading the rest."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(min(most, self.size))

    def read(self) -> bytes:
        """Return all bytes in one piece."""
        with _damage_named(), self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.size)


@contextmanager
def _damage_named() -> Iterator[None]:
    """Turn whatever unpacking may raise into this package's own error."""
    try:
        yield
    except DAMAGE as error:
        raise DamagedArchive(f"cannot be unpacked: {error or type(error).__name__}") from error

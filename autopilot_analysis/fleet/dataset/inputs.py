"""What was passed to `ingest` -> the exports in it, one by one.

A file is an export. A folder is one export when a device's report, or the numbered or flattened items of
Collect diagnostics, lie at its top, or other loose files of a device with at most one archive beside them.
Otherwise it is a pile: each archive, each known file and each folder in it is looked at by itself. Other
files of a pile (notes, lists) are counted and left alone.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob, has_magic
from importlib import import_module
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from typing import Any

from autopilot_analysis.errors import BadInput, NotAnExport
from autopilot_analysis.export.captures import FLATTENED, NUMBERED, REPORTS
from autopilot_analysis.export.magic import HEAD, foreign, kinds_of, text_of
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.export.sources import LEFTOVER, OF_THE_SERVICE, classify
from autopilot_analysis.facts.source_names import COLLECT_RESULTS

ARCHIVE_NAMES = (".cab", ".zip")
UNKNOWN_SIZE = 1 << 20
"""Bytes a folder or a URL counts for."""
LOOKED_AT = 40
"""Files of a folder whose first bytes are read to tell what the folder is."""


@dataclass(frozen=True)
class Input:
    """One export, not yet opened: a path on this machine, or a URL."""

    place: str

    @property
    def remote(self) -> bool:
        """Whether it must be fetched first."""
        return "://" in self.place

    @property
    def name(self) -> str:
        """Its last part, as it is shown."""
        return as_text(self.place.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or self.place)

    @property
    def place_text(self) -> str:
        """Its place, as any file can hold it."""
        return as_text(self.place)


def as_text(path: str) -> str:
    """Return a path as any file can hold it: bytes that are no text are spelt by their number.

    Args:
        path: As the system names it, or words that quote it.
    """
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class Listed:
    """The exports found, and the files of piles that are none."""

    inputs: tuple[Input, ...]
    ignored: tuple[str, ...]


def list_inputs(paths: str | Path | Iterable[str | Path]) -> Listed:
    """Return the exports that paths, globs, folders and URLs stand for, in order, each place once.

    Args:
        paths: One or many.

    Raises:
        BadInput: A glob matches nothing, a URL cannot be listed, or nothing but datasets was named.
        NotAnExport: A name is empty.
    """
    inputs: dict[Input, None] = {}
    ignored: list[str] = []
    for path in [paths] if isinstance(paths, (str, Path)) else paths:
        if not str(path).strip():
            raise NotAnExport.unnamed()
        for found in _expand(str(path), ignored):
            inputs[found] = None
    if not inputs and (made := [path for path in ignored if is_dataset(path)]):
        raise BadInput(
            f"{made[0]} is a dataset already: every verb reads it as it is; for its exports in another, "
            "name what it was made of"
        )
    return Listed(tuple(inputs), tuple(ignored))


def _expand(path: str, ignored: list[str]) -> Iterator[Input]:
    if "://" in path:
        yield from _remote(path)
        return
    path = os.path.abspath(Path(path).expanduser())  # workers stand elsewhere; links are kept
    if has_magic(path) and not os.path.lexists(path):
        matches = sorted(glob(path, recursive=True))  # the pattern is absolute
        if not matches:
            raise _no_match(path)
        for match in matches:
            yield from _of_folder(Path(match), ignored) if os.path.isdir(match) else [Input(match)]
        return
    yield from _of_folder(Path(path), ignored) if Path(path).is_dir() else [Input(path)]


def _of_folder(folder: Path, ignored: list[str]) -> Iterator[Input]:
    """Yield the folder itself, or what lies in it when it is a pile; a dataset in a pile is passed over."""
    if is_dataset(folder):
        ignored.append(str(folder))
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield Input(str(folder))
        return
    files = [entry.path for entry in entries if entry.is_file(follow_symlinks=False)]
    folders = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    if _is_one(files, folders):
        yield Input(str(folder))
        return
    before = len(ignored)
    found = 0
    for path in files:
        if path.lower().endswith(ARCHIVE_NAMES) or _kind(path) is not None:
            found += 1
            yield Input(path)
        else:
            ignored.append(path)
    for path in folders:
        if not Path(path).name.startswith("."):
            found += 1
            yield from _of_folder(Path(path), ignored)
    if not found:  # nothing known at all: the folder is said to be no export, not passed over
        del ignored[before:]
        yield Input(str(folder))


def _is_one(files: list[str], folders: list[str]) -> bool:
    """Tell whether a folder is a single export by what lies at its top."""
    if any(FLATTENED.search(Path(path).name) for path in files):
        return True
    numbered = [path for path in folders if Path(path).name.isdecimal()][:LOOKED_AT]
    if any(NUMBERED.search(f"{Path(path).name}/{name}") for path in numbered for name in _names(path)):
        return True
    loose = [path for path in files if not path.lower().endswith(ARCHIVE_NAMES)]
    kinds = {_kind(path) for path in islice(loose, LOOKED_AT)} - {*OF_THE_SERVICE, None, "archive"}
    return bool(kinds & {*REPORTS, COLLECT_RESULTS}) or (bool(kinds) and len(files) - len(loose) < 2)


def _names(folder: str) -> list[str]:
    try:
        return [path.name for path in Path(folder).iterdir()]
    except OSError:
        return []


def _kind(path: str) -> str | None:
    """Return the known thing a file is, `archive`, or None."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return None
    kinds = kinds_of(head)
    source = classify(Path(path).name, kinds, text_of(head)) if head else None
    if source is not None:
        return None if source.source == LEFTOVER else source.source
    return "archive" if kinds & {"zip", "cab"} or (head and foreign(head)) else None


def look_of(found: Input) -> str:
    """Return size and time of change of an export at its place; empty when it cannot be looked at.

    Args:
        found: The export.
    """
    try:
        if found.remote:
            system, path = _system(found.place)
            return f"remote {system.ukey(path)}" if system.isfile(path) else ""
        place = Path(found.place)
        if not place.is_dir():
            status = place.stat()
            return f"{status.st_size} {status.st_mtime_ns}"
        lines = sorted(
            f"{file.relative_to(place).as_posix()} {status.st_size} {status.st_mtime_ns}\n"
            for file in place.rglob("*")
            for status in [file.lstat()]
            if not file.is_dir()
        )
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
    except (OSError, ValueError, ImportError):
        return ""


def size_of(found: Input) -> int:
    """Return about how many bytes an export has, without opening it.

    Args:
        found: The export.
    """
    try:
        status = os.stat(found.place)  # a million of them
    except (OSError, ValueError):
        return UNKNOWN_SIZE
    return status.st_size if S_ISREG(status.st_mode) else UNKNOWN_SIZE


@contextmanager
def fetched(found: Input) -> Iterator[Path]:
    """Give the export a path on this machine for as long as it is read.

    Args:
        found: The export.

    Raises:
        NotAnExport: A remote one cannot be fetched.
    """
    if not found.remote:
        yield Path(found.place)
        return
    with tempfile.TemporaryDirectory(prefix="autopilot-", ignore_cleanup_errors=True) as folder:
        target = Path(folder) / (found.name or "export")
        try:
            system, path = _system(found.place)
            system.get(path, str(target), recursive=system.isdir(path))
        except BadInput:
            raise
        except Exception as error:  # each store raises its own kinds
            raise NotAnExport(f"{found.place} cannot be fetched: {error}; check its address") from error
        yield target


def _remote(url: str) -> Iterator[Input]:
    """Yield the exports a URL stands for: a file, a glob, or everything at the top of a folder."""
    system, path = _system(url)
    scheme = url.partition("://")[0]
    try:
        if has_magic(path):
            paths = sorted(system.glob(path))
        elif system.isdir(path):
            listed = {str(name).rstrip("/") for name in system.ls(path, detail=False)}
            paths = sorted(listed - {path.rstrip("/")})
        else:
            paths = [path]
    except Exception as error:  # each store raises its own kinds
        raise BadInput(f"{url} cannot be listed: {error}; check its address and your rights") from error
    if not paths:
        raise _no_match(url)
    yield from (Input(str(system.unstrip_protocol(name)) if scheme else name) for name in paths)


def _system(url: str) -> tuple[Any, str]:
    """Return the file system of a URL and the path in it."""
    try:
        core = import_module("fsspec.core")
    except ImportError as error:
        raise BadInput(
            f"{url} is a URL, and reading from one needs fsspec; install fsspec and the package of the store"
        ) from error
    try:
        system, path = core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise BadInput(f"{url} cannot be opened: {error}") from error
    return system, str(path)


def _no_match(pattern: str) -> BadInput:
    return BadInput(f"nothing matches {pattern}; check the pattern")

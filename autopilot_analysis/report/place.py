"""Puts a finished file where it belongs, whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from autopilot_analysis.defaults import Option
from autopilot_analysis.errors import BadInput, NothingToWrite
from autopilot_analysis.windows import DEVICES, move

OTHERWISE = f"choose another name, or replace it with {Option.FORCE} (overwrite=True in Python)."
"""What may be done where a page is there already."""


def choose_place(out: str | Path | None, name: str, *, overwrite: bool) -> tuple[Path, bool]:
    """Return the path to write and whether a free neighbour may be taken when it is not free.

    Args:
        out: A file, a folder to put `name` into, or nothing for the working directory.
        name: The file's name when `out` does not give one.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        BadInput: The folder does not exist, or the name is that of a PDF, which `write_pdf` prints.
        NothingToWrite: The file was named and is there already, or the folder takes no file.
    """
    target = Path(out).expanduser() if out is not None else Path(name)
    free = out is None or target.is_dir()
    if name.endswith(".html") and not free and target.suffix.lower() == ".pdf":
        raise BadInput(
            f"{target} would hold HTML; name an .html file and add {Option.PDF}, or call write_pdf"
        )
    if out is not None and target.is_dir():
        target = target / name
    if not target.absolute().parent.is_dir():
        raise BadInput.no_folder(target.parent, f"another place for {target.name}.")
    if target.exists() and not free and not overwrite:
        raise NothingToWrite.taken(target, OTHERWISE)
    _try_folder(target.absolute().parent)
    return target, free


def _try_folder(folder: Path) -> None:
    """Refuse a folder that takes no file before any work is done for it; permissions alone do not say."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise NothingToWrite.no_file(folder, error) from error


def put(content: bytes, target: Path, *, free: bool, overwrite: bool) -> Path:
    """Write the file beside its place, then move it there in one step; return where it came to lie.

    Args:
        content: All of it.
        target: Where it shall be.
        free: Whether `name-2`, `name-3` … may be taken when the name is taken.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        NothingToWrite: The name was taken meanwhile, or the folder takes no file.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem[:40]}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise NothingToWrite.no_file(target.parent, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.chmod(0o644)
        return _move(part, target, free=free, overwrite=overwrite)
    except OSError as error:
        raise NothingToWrite.refused(target, error) from error
    finally:
        part.unlink(missing_ok=True)


def plain_name(text: str) -> str:
    """Return text as a file name that every system takes: letters, digits, dots, dashes."""
    name = re.sub(r"[^\w.-]+", "-", text).strip("-. ")[:80] or "export"
    device = name.split(".")[0].upper() in DEVICES  # for Windows nul.tar-device-trace.html is NUL
    return f"export-{name}" if device else name


def _move(part: Path, target: Path, *, free: bool, overwrite: bool) -> Path:
    if overwrite:
        return move(part, target, over=True)
    place, number = target, 1
    while True:
        try:
            return _move_to_free(part, place)
        except FileExistsError:
            if not free:
                raise NothingToWrite.taken(target, OTHERWISE) from None
            number += 1
            place = target.with_name(f"{target.stem}-{number}{target.suffix}")


def _move_to_free(part: Path, place: Path) -> Path:
    """Move without ever replacing: on Windows a rename refuses, elsewhere a hard link does."""
    if os.name == "nt":
        return part.rename(place)
    try:
        place.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if place.exists():
            raise FileExistsError(str(place)) from None
        return part.rename(place)
    return place

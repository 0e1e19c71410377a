"""What Windows does otherwise with paths and open files: refused in a line, spelt otherwise, tried again."""

from __future__ import annotations

import ntpath
import os
import time
from pathlib import Path

from autopilot_analysis.errors import CALL_AGAIN, CHOOSE_NAME, BadInput, NotWritten

HERE = os.name == "nt"
DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$"]
    + [f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"]
)
"""Names Windows gives to devices, with any ending (Microsoft: Naming Files, Paths, and Namespaces)."""
FORBIDDEN = frozenset('<>:"|?*') | {chr(code) for code in range(32)}
LONGEST_PATH = 259
"""Characters of a path that Windows takes where long paths are not turned on."""
HELD_OPEN = (5, 32, 33)
"""Access denied, sharing and lock violation: what a rename meets while another program has the file open."""
TRIES, PAUSE = 6, 0.25
"""A virus scanner or a viewer lets go within a second, mostly."""


def check_name(path: str) -> str:
    """Return a path to write to, unless Windows would take it for something else.

    Args:
        path: As it was typed.

    Raises:
        BadInput: A part names a device, ends in a dot or blank, or holds a sign that no name has.
    """
    parts = [
        part
        for part in ntpath.splitdrive(path)[1].replace("\\", "/").split("/")
        if part not in ("", ".", "..")
    ]
    for part in parts:
        if part.split(".")[0].rstrip(" ").upper() in DEVICES:
            raise BadInput(f"{path}: {part} is the name of a device on Windows; {CHOOSE_NAME}")
        if part[-1] in ". ":
            raise BadInput(f"{path}: Windows drops the dot or blank at the end of {part!r}; {CHOOSE_NAME}")
        if bad := sorted(FORBIDDEN & set(part)):
            raise BadInput(f"{path}: no name on Windows holds {bad[0]!r}; {CHOOSE_NAME}")
    return path


def too_long(path: str) -> str | None:
    """Return what to say of a path that Windows could not find because it is too long, None when it is not.

    Args:
        path: Of which the system said that it does not exist.
    """
    length = len(ntpath.abspath(path)) if HERE else len(path)
    if not HERE or length <= LONGEST_PATH:
        return None
    return (
        f"the path has {length} characters and Windows takes {LONGEST_PATH}; choose a shorter folder, "
        "or turn on long paths (LongPathsEnabled)"
    )


def extended(path: str) -> str:
    """Return a Windows path in the spelling that may be of any length.

    Args:
        path: Absolute.
    """
    if not HERE or path.startswith("\\\\?\\"):
        return path
    plain = ntpath.normpath(path)
    return f"\\\\?\\UNC{plain[1:]}" if plain.startswith("\\\\") else f"\\\\?\\{plain}"


def move(part: Path, place: Path, *, over: bool = False) -> Path:
    """Rename a file or folder; while another program holds the place open, try again for a while.

    Args:
        part: What is finished.
        place: Where it shall be.
        over: Whether a file that is there is replaced.

    Raises:
        NotWritten: It is still held open.
        OSError: Any other reason.
    """
    for left in reversed(range(TRIES)):
        try:
            return part.replace(place) if over else part.rename(place)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in HELD_OPEN:
                raise
            if not left:
                line = f"{place} is held open by another program; close it there and {CALL_AGAIN}"
                raise NotWritten(line) from error
            time.sleep(PAUSE)
    raise AssertionError("unreachable")

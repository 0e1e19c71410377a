"""Names of archive members: which are safe to speak of, and which two are one."""

from __future__ import annotations

import re
import unicodedata

from autopilot_analysis.errors import UnsafeName
from autopilot_analysis.windows import DEVICES

LONGEST_NAME = 1000


def safe_name(name: str) -> str:
    r"""Return an archive member's name with '/' between its parts.

    Args:
        name: The name as the archive spells it, with '/' or '\'.

    Raises:
        UnsafeName: The name leaves its folder, or names a drive, a device or a stream.
    """
    plain = name.replace("\\", "/")
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    if not parts or len(plain) > LONGEST_NAME:
        raise UnsafeName(
            "its name is empty" if not parts else f"its name is longer than {LONGEST_NAME} characters"
        )
    if plain.startswith("/") or re.match(r"[A-Za-z]:", plain):
        raise UnsafeName("its name is an absolute path")
    if ".." in parts:
        raise UnsafeName("its name leaves the export by '..'")
    if ":" in plain:
        raise UnsafeName("its name points into an alternate data stream")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in plain):
        raise UnsafeName("its name holds control characters")
    if any(part.split(".")[0].rstrip(" ").upper() in DEVICES for part in parts):
        raise UnsafeName("its name is that of a Windows device")
    return "/".join(parts)


def same_name(path: str) -> str:
    """Return the key under which two paths are one file on Windows or macOS."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def printable(path: str) -> str:
    """Return a path that any table can hold: bytes that are no text become '�'."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def plain_name(name: str) -> str:
    r"""Return a file name, channel or command line as `facts/sources.csv` spells it.

    Lower case; every run of other signs than letters, digits and dots is one '-', so that
    `Microsoft-Windows-AAD%4Operational.evtx`, `microsoft-windows-aad-operational.evtx` and the channel
    `Microsoft-Windows-AAD/Operational` meet.
    """
    return re.sub(r"[^a-z0-9.]+", "-", name.lower().replace("%4", "-"))

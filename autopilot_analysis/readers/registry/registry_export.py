r"""A standard .reg file, as `reg export` and Intune's diagnostics write it, -> registry values.

Header `Windows Registry Editor Version 5.00` (UTF-16LE) or `REGEDIT4`; backslash and quote are escaped with
a backslash in names and strings; `hex(n):` values go on over lines that end in `,\`; a leading `;` is a
comment; `[-key]` and `"name"=-` delete (Microsoft: How to add, modify, or delete registry subkeys and values
by using a .reg file).
"""

from __future__ import annotations

import re

import numpy as np
from msgspec.structs import replace

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.long_lines import shorten_lines
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.registry.registry_lines import Lines, lines_of
from autopilot_analysis.readers.registry.registry_text import read_lines
from autopilot_analysis.readers.text import utf8

_HEADERS = (b"Windows Registry Editor Version", b"REGEDIT4")
_SILENT = (b";", *_HEADERS)
_GOES_ON = re.compile(rb"(?<=[,:])\\[ \t]*\r?\n[ \t]*")


def read_registry_export(content: bytes, member: str = "") -> Reading:
    """Return the values of a standard .reg file.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of registry_values: `record` is the line a value begins on; deletions are rows of kind
        REG_DELETED without a value.

    Raises:
        NotThisFormat: The first line that says anything is not one of the two headers.
    """
    content, unread = shorten_lines(content)
    text = utf8(content)
    if not text.lstrip().startswith(_HEADERS):
        raise NotThisFormat.of(member, "lacks the header of a registry export; try it as a dump.")
    reading = read_lines(_whole_lines(text), escaped=True, silent=_SILENT)
    return Reading(reading.rows, (*unread, *reading.unread))


def _whole_lines(text: bytes) -> Lines:
    r"""Return the lines of an export, those that a closing backslash continues joined, numbered by the first.

    Only bytes in hex go on that way: before the backslash stands a comma, or the colon of `hex:`.
    """
    breaks = [match.start() for match in _GOES_ON.finditer(text)]
    if not breaks:
        return lines_of(text)
    feeds = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    joined = lines_of(_GOES_ON.sub(b"", text))
    numbers = np.delete(np.arange(len(feeds) + 1), np.searchsorted(feeds, breaks) + 1) + 1
    return replace(joined, numbers=numbers[joined.numbers - 1])

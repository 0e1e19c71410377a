"""What `systeminfo` writes -> the computer's name, build, maker, model and firmware, in every language."""

from __future__ import annotations

import re

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.source_names import SYSTEMINFO
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.key_value import pair_of
from autopilot_analysis.readers.texts.properties import Properties

HOST_NAME, BUILD = "Host Name", "OS Build"
HEAD = {0: HOST_NAME, 1: "OS Name", 2: BUILD}
"""The lines that the output begins with, by their place: their order is one in every language."""
HARDWARE = {11: "System Manufacturer", 12: "System Model", 13: "System Type", 15: "BIOS Version"}
"""Those of the hardware, where the type of the system stands in its own place."""
_ENGLISH = {name.lower(): name for name in HARDWARE.values()}
TYPE, TYPES = 13, re.compile(r"(?i)(?:x64|x86|arm64|arm)-")
EDITION = re.compile(r"Microsoft Windows \d")
VERSION = re.compile(r"10\.0\.(\d{5})\b")
"""How the value of the second line begins, and that of the third, which holds the build."""


def read_systeminfo(content: bytes, member: str = "") -> Reading:
    """Return who the computer is and what it is made of, by the first output in a text.

    Of an output that somebody cut down only lines in English are known behind its head: none is in its place.

    Registered names and dates, which are written as the device writes them, are left out.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the command, names are those of the English output, the build
        alone stands for the version. Record is the text line.

    Raises:
        NotThisFormat: No three lines of name and value are the head of such an output.
    """
    lines = [
        (record, *pair)
        for record, line in enumerate(split_lines(decode(content)), 1)
        if not line[:1].isspace() and (pair := pair_of(line))
    ]
    starts = (
        at
        for at in range(len(lines) - len(HEAD) + 1)
        if EDITION.match(lines[at + 1][2]) and VERSION.match(lines[at + 2][2]) and lines[at][2]
    )
    start = next(starts, None)
    if start is None:
        raise NotThisFormat.of(member, "holds no output of systeminfo.")
    own = lines[start:]
    whole = len(own) > TYPE and TYPES.match(own[TYPE][2]) is not None
    found = Properties()
    for place, (record, written, value) in enumerate(own):
        name = HEAD.get(place) or (HARDWARE.get(place) if whole else _ENGLISH.get(written.lower()))
        version = VERSION.match(value) if name == BUILD else None
        if name:
            found.add(SYSTEMINFO, name, version[1] if version else value, record)
    return found.reading()

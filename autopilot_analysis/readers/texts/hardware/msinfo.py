"""The text report of msinfo32 -> hardware, firmware, drivers and start-up as named facts."""

from __future__ import annotations

import re

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.key_value import pair_of
from autopilot_analysis.readers.texts.properties import Properties

_SECTION = re.compile(r"\[(?P<title>[^\]\t]{1,120})\]\s*")


def read_msinfo(content: bytes, member: str = "") -> Reading:
    """Return the rows of an msinfo32 report under the titles of their sections.

    The first row of cells under a title names its columns, in the language of the device, and is left out.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: name is the first cell, value the others, tabs between them where there are
        several; record is the text line. The report's own head has an empty section.

    Raises:
        NotThisFormat: No section with rows of tabbed cells follows.
    """
    found, section, headed, rows = Properties(), "", False, 0
    for record, line in enumerate(split_lines(decode(content)), 1):
        title = _SECTION.fullmatch(line[:256])
        if title:
            section, headed = title["title"], False
        elif "\t" in line and section:
            cells = line.rstrip("\t ").split("\t")
            if headed and line.strip():
                found.add(section, cells[0].strip(), "\t".join(cells[1:]).strip(), record)
                rows += 1
            headed = True
        elif not section and (pair := pair_of(line)):
            found.add("", *pair, record)
    if not rows:
        raise NotThisFormat.of(member, "has no [section] with rows of tabbed cells.")
    return found.reading()

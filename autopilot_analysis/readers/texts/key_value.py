"""The shape many Windows commands print in: headings, and under them `name : value` lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from autopilot_analysis.readers.text import split_lines

_PAIR = re.compile(
    r"\s*+(?P<name>[^:\s][^:]{0,119}?)[ \t.\u00a0]*+:(?:[ \t]+(?P<value>.*)|)$", re.DOTALL
)  # possessive, and a name begins with a sign: a line of blanks would else be tried in every division


class Line(msgspec.Struct, frozen=True):
    """One line of such a text.

    `section` is the heading it stands under; `name` is None on a line that is no pair, whose whole text is
    then its `value`.
    """

    record: int
    indent: int
    section: str
    name: str | None
    value: str


def pair_of(line: str) -> tuple[str, str] | None:
    """Return the name and value of one `name : value` line, dot leaders removed, or None.

    Args:
        line: One line without its end. A colon inside a word, as in a path or an address, separates nothing.
    """
    match = _PAIR.match(line[:4096])
    if match is None or not match["name"].strip(" .\t-"):
        return None
    value = (match["value"] or "") + (line[4096:] if match["value"] else "")
    return match["name"].strip(), value.strip()


def read_sections(text: str, *, hanging: int = 12) -> Iterator[Line]:
    """Yield the lines that say something, each under its heading.

    A line that is not indented is a heading, unless it is a pair; its closing colon is removed. A line
    indented further than `hanging` blanks repeats the pair above it with a further value.

    Args:
        text: Decoded text.
        hanging: Indentation of further values; names stand further left.
    """
    section, name = "", None
    for record, line in enumerate(split_lines(text), 1):
        bare = line.strip()
        indent = len(line) - len(line.lstrip(" \t"))
        pair = pair_of(line)
        if not bare or not bare.strip("-=+"):
            continue
        if indent > hanging and name is not None:
            yield Line(record, indent, section, name, bare)
        elif pair and (indent or pair[1]):
            name = pair[0]
            yield Line(record, indent, section, name, pair[1])
        elif indent:
            yield Line(record, indent, section, None, bare)
        else:
            section, name = bare.rstrip(": "), None

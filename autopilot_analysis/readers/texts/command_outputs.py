"""What commands wrote that people run and paste -> properties; the text may hold other things besides."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.command_outputs import outputs_in
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.properties import Properties
from autopilot_analysis.readers.texts.quotes import LARGEST


def read_command_outputs(content: bytes, member: str = "") -> Reading:
    """Return the lines of commands that facts/command_outputs.csv knows.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the command, value the same in every language. Record is the text
        line.

    Raises:
        NotThisFormat: The text holds no such line.
    """
    found = _found(content)
    if not len(found):
        raise NotThisFormat(f"{member or 'the file'} holds no output of a command that is known here.")
    return found.reading()


def with_commands(read: Callable[[bytes, str], Reading]) -> Callable[[bytes, str], Reading]:
    """Return a reader that reads the output of commands too, or alone where the text holds nothing else.

    Args:
        read: The reader of what the text is.
    """

    def read_both(content: bytes, member: str = "") -> Reading:
        found = _found(content)
        try:
            own = read(content, member)
        except NotThisFormat:
            if not len(found):
                raise
            return found.reading()
        if not len(found):
            return own
        rows = found.reading().rows["properties"]
        beside = own.rows.get("properties")
        joined = rows if beside is None else pl.concat([beside, rows])
        return Reading({**own.rows, "properties": joined}, own.unread)

    return read_both


def _found(content: bytes) -> Properties:
    found = Properties()
    if len(content) <= LARGEST and b"\0\0\0" not in content:
        for output in outputs_in(split_lines(decode(content))):
            found.add(output.command, output.name, output.value, output.line + 1)
    return found

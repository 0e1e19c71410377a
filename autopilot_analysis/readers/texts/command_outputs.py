"""What commands wrote that people run and paste -> properties; the text may hold other things besides."""

from __future__ import annotations

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.command_outputs import outputs_in
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import written_lines
from autopilot_analysis.readers.texts.properties import Properties


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
        raise NotThisFormat.of(member, "holds no output of a command that is known here.")
    return found.reading()


def find_commands(content: bytes) -> Reading | None:
    """Return the lines of commands that stand in a text; None where there are none.

    Args:
        content: The whole file.
    """
    found = _found(content)
    return found.reading() if len(found) else None


def _found(content: bytes) -> Properties:
    found = Properties()
    for output in outputs_in(written_lines(content)):
        found.add(output.command, output.name, output.value, output.line + 1)
    return found

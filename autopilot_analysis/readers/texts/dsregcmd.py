"""The output of `dsregcmd /status` -> join state, device, tenant, single sign-on and diagnostic fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.properties import Properties

_TITLE = re.compile(r"\s*\|(?P<title>[^|]*)\|\s*$")
_PAIR = re.compile(r"(?P<indent>\s*)(?P<name>[^:|+\s][^:|]{0,60}?)(?P<gap>\s*):(?:\s(?P<value>.*))?$")


def read_dsregcmd(content: bytes, member: str = "") -> Reading:
    """Return the fields of `dsregcmd /status`, each under the title of its box.

    Values stay as written. A server message over several lines is one value. A field outside any box has
    an empty section; other text outside boxes is not part of the output and left out.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the box's title, record the text line; a name that occurs twice
        leaves two rows.

    Raises:
        NotThisFormat: There is neither a titled box nor the field AzureAdJoined.
    """
    status = _Status()
    for record, line in enumerate(split_lines(decode(content)), 1):
        status.take(record, line)
    if not status.known:
        raise NotThisFormat(
            f"{member or 'the file'} holds no dsregcmd status: no titled box, no AzureAdJoined."
        )
    found = Properties()
    for record, section, name, lines in status.fields:
        found.add(section, name, "\n".join(lines).strip(), record)
    return found.reading()


@dataclass
class _Status:
    """What was read so far: fields, the box we are in, the field that may go on."""

    fields: list[tuple[int, str, str, list[str]]] = field(default_factory=list)
    known: bool = False
    section: str = ""
    borders: int = 0
    going_on: bool = False

    def take(self, record: int, line: str) -> None:
        """Take one line: a border, a title, a field, or a further line of a message."""
        title = _TITLE.match(line)
        pair = _PAIR.match(line[:4096])
        if line.lstrip().startswith("+--"):
            self._border()
        elif title:
            self.section, self.borders, self.going_on, self.known = title["title"].strip(), 0, False, True
        elif pair and (pair["gap"] or pair["indent"]):
            rest = line[4096:]
            self.fields.append((record, self.section, pair["name"], [(pair["value"] or "") + rest]))
            self.going_on = True
            self.known |= pair["name"] == "AzureAdJoined"
        elif self.going_on and line.strip():
            self.fields[-1][3].append(line.strip())

    def _border(self) -> None:
        """Count borders under a title: the second one closes the box."""
        self.borders += 1
        self.going_on = False
        if self.borders > 1:
            self.section = ""

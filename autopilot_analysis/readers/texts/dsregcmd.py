"""The output of `dsregcmd /status` -> join state, device, tenant, single sign-on and diagnostic fields.

People paste parts of it, without the boxes, and beside the lines of `dsregcmd /join /debug`, which checks
first whether there is anything to join, of `/leave` and of `/refreshprt`.
"""

from __future__ import annotations

import msgspec

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.dsregcmd_fields import field_of, own_fields
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.properties import Properties

DEBUG = "Join debug"
"""Section of what the command writes as it works; the value is the line."""
STEP, LEAVING, REFRESHING = (DEBUG, "Failed step"), (DEBUG, "Failed leave"), (DEBUG, "Failed token refresh")
"""Section and name of each failure that `dsregcmd /join /debug`, `/leave` or `/refreshprt` writes."""
REFUSED = DEBUG, "Refused join"
"""Section and name of the sentence by which the check before a join says why there is none."""

_MARK = late(r"^[ \t]{0,16}[#>]{1,4}(?: |$)")
"""What notes and mails put before each line."""
_TITLE = late(r"\s*\|(?P<title>[^|]*)\|\s*$")
_PAIR = late(r"(?P<indent>\s*)(?P<name>[^:|+\s][^:|]{0,60}?)(?P<gap>\s*):(?:\s(?P<value>.*))?$")
_DEBUG = late(r"^\s*(?:\w{3,60}(?:::\w{3,60})?:|Dsr\w{3,40})\s+(?P<text>.{0,400}\b0x[0-9A-Fa-f]{4,8}\b.*)$")
_FAILED = late(r"(?i)\bfail|\berror\b|^0x|\bDsGetDcName\b")
_REFUSED = late(r"(?i)^\s*The device can ?not be joined because\s+\S")
_COMMAND = late(r"(?i)\bdsregcmd(?:\.exe)?(?: +/\w{1,20})*? +/(?P<verb>join|leave|refreshprt|status)\b")
_LEAVES, _REFRESHES = late(r"(?i)::Leave|\bunjoin"), late(r"(?i)refresh_?prt")
_JOINS = late(r"::Join\b|\bDsr\w{0,40}Join\w{0,24} failed")
"""What the command's own lines name where it leaves Entra ID, or asks for a new token."""
_REGISTERING = late(
    r"(?i)0x801c[0-9a-f]{4}|0xcaa[0-9a-f]{5}|DsrCmd|\bDsr\w{3,40}Join\b|^\s*wmain: failed with error"
)
"""Codes of device registration and of its tokens, and the command's own steps."""
_MESSAGE = late(r"(?i)\b(?:message|description)$")
_FOREIGN = late(r"^\s*(?:\w+::|[A-Za-z]:\\|(?!Trace ID|Correlation ID|Timestamp)\w[\w ]{0,40}:|DSREGCMD_)")
"""What begins a line that goes on with no message: another program's, a prompt, one of the join's own."""


def read_dsregcmd(content: bytes, member: str = "") -> Reading:
    """Return the fields of `dsregcmd /status`, each under the title of its box.

    A field that facts/dsregcmd_fields.csv lists has its name there, however it is spelt. Values stay as
    written and end at their line; a server's message may go on until a blank line. A field outside any box
    has an empty section; a failure among the lines of `/join /debug` stands under the step that wrote it,
    one of `/leave` or `/refreshprt` under that command. Other text is not part of the output and left out.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the box's title, record the text line; a name that occurs twice
        leaves two rows.

    Raises:
        NotThisFormat: There is neither a titled box, nor a field of its own, nor a failure of the join.
    """
    status = _Status()
    for record, line in enumerate(split_lines(decode(content)), 1):
        status.take(record, _MARK.sub("", line))
    if not status.known:
        raise NotThisFormat.of(member, "holds no dsregcmd status: no titled box, no field of its own")
    found = Properties()
    for record, section, name, lines in status.fields:
        found.add(section, name, "\n".join(lines).strip(), record)
    return found.reading()


class _Status(msgspec.Struct):
    """What was read so far: fields, the box we are in, the field that may go on."""

    fields: list[tuple[int, str, str, list[str]]] = msgspec.field(default_factory=list)
    known: bool = False
    section: str = ""
    verb: str = ""
    """What the last command above was asked for."""
    borders: int = 0
    going_on: bool = False

    def take(self, record: int, line: str) -> None:
        """Take one line: a border, a title, a field, a failure, or a further line of a message."""
        title = _TITLE.match(line)
        pair = _PAIR.match(line[:4096])
        own = pair is not None and field_of(pair["name"]) in own_fields()
        command = _COMMAND.search(line[:4096])
        self.verb = command["verb"].lower() if command else self.verb
        failure = _DEBUG.match(line[:4096])
        if line.lstrip().startswith("+--"):
            self._border()
        elif title:
            self.section, self.borders, self.going_on, self.known = title["title"].strip(), 0, False, True
        elif failure and _FAILED.search(failure["text"]) and not (pair and pair["gap"]):
            self._add(record, *self._step(line), line.strip())
            self.going_on = False
            self.known |= bool(_REGISTERING.search(line))
        elif _REFUSED.match(line[:4096]):
            self._add(record, *REFUSED, line.strip())
            self.going_on, self.known = False, True
        elif pair and (pair["gap"] or pair["indent"] or own):
            name = field_of(pair["name"])
            self._add(record, self.section, name, (pair["value"] or "") + line[4096:])
            self.going_on = bool(_MESSAGE.search(name))
            self.known |= own
        elif self.going_on:
            self._go_on(line)

    def _step(self, line: str) -> tuple[str, str]:
        """Return under what a failure stands: what its line names, else what the command was asked for."""
        if _LEAVES.search(line) or (self.verb == "leave" and not _JOINS.search(line)):
            return LEAVING
        refreshes = _REFRESHES.search(line) or (self.verb == "refreshprt" and not _JOINS.search(line))
        return REFRESHING if refreshes else STEP

    def _add(self, record: int, section: str, name: str, value: str) -> None:
        self.fields.append((record, section, name, [value]))

    def _go_on(self, line: str) -> None:
        """Add a further line to the message before it, which a blank line or a foreign one ends."""
        self.going_on = bool(line.strip()) and not _FOREIGN.match(line)
        if self.going_on:
            self.fields[-1][3].append(line.strip())

    def _border(self) -> None:
        """Count borders under a title: the second one closes the box."""
        self.borders += 1
        self.going_on = False
        if self.borders > 1:
            self.section = ""

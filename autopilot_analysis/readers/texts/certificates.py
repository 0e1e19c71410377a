"""The certificates that `certutil -store` prints -> properties, named as PowerShell names them."""

from __future__ import annotations

import re

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.properties import Properties

CERTIFICATE = "Stored certificate"
"""Begins the section of a certificate of a store; its number in the text stands behind it."""
_RULER = late(r"[ \t>|]{0,16}={10,30} \S{1,16} \d{1,4} ={10,30}\s*$")
_DONE = late(r"(?i)\bcertutil: -store\b")
"""The command's last line, in every language."""
_PAIR = late(r"[ \t>|]{0,16}(?P<name>[^\W\d_][^:\n]{2,40}?) ?: ?(?P<value>\S.{0,1000})$")
_NAMES = {
    "Issuer": f"(?i){shared_pattern('ISSUER')}",
    "Subject": f"(?i){shared_pattern('SUBJECT')}|asunto",
    "NotBefore": r"(?i)notbefore|nicht vor|pas avant|no antes(?: del?)?|non prima",
    "NotAfter": r"(?i)notafter|nicht nach|pas apr[èe]s|no despu[ée]s(?: del?)?|non dopo|g[üu]ltig bis",
}


def read_certificates(content: bytes, member: str = "") -> Reading:
    """Return issuer, subject and time of each certificate that `certutil -store` prints.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is `CERTIFICATE` with the number of the certificate in the text.

    Raises:
        NotThisFormat: The text prints no certificate, and no end of the command as of an empty store either.
    """
    lines = split_lines(decode(content))
    found, number = Properties(), 0
    named: set[str] = set()
    for record, line in enumerate(lines, 1):
        if _RULER.match(line[:200]):
            number, named = number + 1, set()
            continue
        pair = _PAIR.match(line[:1200]) if number else None
        name = pair and next(
            (ours for ours, words in _NAMES.items() if re.fullmatch(words, pair["name"])), None
        )
        if pair and name and name not in named:
            named.add(name)
            found.add(f"{CERTIFICATE} {number}", name, pair["value"].strip(), record)
    if not len(found) and any(_DONE.search(line[:200]) for line in lines):
        return Reading()
    if not len(found):
        raise NotThisFormat.of(member, "prints no certificate as certutil -store does.")
    return found.reading()

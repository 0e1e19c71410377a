"""What tools of the network answer in one line, such as nslookup, ping or curl -> properties.

Only failures have words of their own, told under the names that Test-NetConnection has for them, and
certificates, whose issuer is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.listed_objects import SEARCHED
from autopilot_analysis.readers.texts.properties import Properties

TEST = "Network test"
"""Begins the section of a test; the host, and where one is told the port, stand behind it."""
ISSUER, SUBJECT = "TlsIssuer", "TlsSubject"
"""Who issued the certificate that a host showed, and for which host it is made out."""
BELOW = "Below"
"""Ends the name of what stands on the lines below its heading, one part of a name a line."""
_ASKED = re.compile(
    r"(?:https?://|-connect |Test-NetConnection (?:-ComputerName )?)([\w.-]{1,253})(?::(\d{1,5}))?",
    re.IGNORECASE,
)
_PART = re.compile(r"[A-Z]{1,2}\s?=\s?\S.*")
_NAMED = re.compile(r"CN\s?=\s?([\w*.-]{4,253})")


@dataclass
class _Certificates:
    """The certificates of a text, read line by line: issuers, and the host that the last one is made out for.

    Attributes:
        found: Issuer, the host that was asked for, and the line of each.
        below: The name of what stands on the lines below a heading; empty elsewhere.
        subject: The first host that a certificate is made out for.
    """

    found: list[tuple[str, str, int]] = field(default_factory=list)
    below: str = ""
    going_on: bool = False
    subject: str = ""

    def take(self, test: str, answer: re.Match[str], asked: str, record: int) -> None:
        """Take an answer about a certificate."""
        self.below = test.removesuffix(BELOW) if test.endswith(BELOW) else ""
        self.going_on = False
        if test == ISSUER:
            self.found.append((answer["issuer"], asked, record))
        elif test == SUBJECT:
            self.subject = self.subject or answer["subject"]

    def go_on(self, text: str, asked: str, record: int) -> None:
        """Read a line below a heading: a part of the name, or the end of it."""
        part = _PART.fullmatch(text)
        if part and self.below == ISSUER and self.going_on:
            name, host, first = self.found[-1]
            self.found[-1] = (f"{name}, {text}", host, first)
        elif part and self.below == ISSUER:
            self.found.append((text, asked, record))
        elif part and (named := _NAMED.search(text)):
            self.subject = self.subject or named[1]
        self.going_on = part is not None
        self.below = self.below if part else ""


def add_answers(found: Properties, lines: Sequence[str]) -> None:
    """Add the failures that tools of the network tell in a text, and who issued certificates, one row each.

    Args:
        found: Where the rows go: section is `TEST` with the host, name the test, value "False" with the line;
            of a certificate name `ISSUER`, value the issuer's name as written.
        lines: Of the text, without their ends.
    """
    asked, certificates = "", _Certificates()
    for record, line in enumerate(lines, 1):
        text = line[:SEARCHED].strip()
        if host := _ASKED.search(text):
            asked = " ".join(filter(None, host.groups()))
        for pattern, test in _answers():
            if answer := pattern.search(text):
                if test.startswith((ISSUER, SUBJECT)):
                    certificates.take(test, answer, asked, record)
                else:
                    named = " ".join(filter(None, answer.groupdict().values())) or asked
                    found.add(f"{TEST} {named}".strip(), test, f"False ({text})", record)
                break
        else:
            if certificates.below:
                certificates.go_on(text, asked, record)
    for issuer, of_host, record in certificates.found:
        found.add(f"{TEST} {of_host or certificates.subject}".strip(), ISSUER, issuer, record)


@cache
def _answers() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = read_facts("network_answers").select("pattern", "test").iter_rows()
    return tuple((re.compile(pattern), test) for pattern, test in rows)

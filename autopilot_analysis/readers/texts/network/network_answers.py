"""What tools of the network answer in one line, such as nslookup, ping or curl -> properties.

Failures have words of their own, told under the names that Test-NetConnection has for them. Certificates
tell their issuer, nslookup the address of a host, curl who else answers in place of the host asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import msgspec

from autopilot_analysis.facts import read_facts
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.texts.properties import Properties

TEST = "Network test"
"""Begins the section of a test; the host, and where one is told the port, stand behind it."""
ISSUER, SUBJECT = "TlsIssuer", "TlsSubject"
"""Who issued the certificate that a host showed, and for which host it is made out."""
CERTIFICATE = "Certificate"
"""The section of a certificate that no host is known to have shown, as one of a store."""
OF_ONE = 12
"""So many lines may stand between issuer and subject of one certificate."""
ADDRESS, INSTEAD = "ResolvedTo", "AnsweredBy"
"""The first address of a host's name; the host, or `A_PAGE`, that answered in place of the one asked."""
A_PAGE = "a page"
BELOW = "Below"
"""Ends the name of what stands on the lines below its heading, one part of a name a line."""
SEARCHED = 4096
_ASKED = late(
    r"(?:https?://|-connect |Test-NetConnection (?:-ComputerName )?)([\w.-]{1,253})(?::(\d{1,5}))?",
    re.IGNORECASE,
)
_LOOKED_UP = late(r"(?i)\bnslookup(?:\.exe)? (?:-\S{1,40} )?([a-z0-9-][\w.-]{1,250}\.[a-z]{2,24})\.?(?: |$)")
_FOR_NAME = late(r"\S[^:]{1,20}: {1,8}(\S{3,253})$")
_V4 = late(r"(?:\S[^:]{1,30}: {1,8})?(\d{1,3}(?:\.\d{1,3}){3})$")
_ELSEWHERE = late(r"(?i)^(?:< )?\W{0,4}location\b\W{1,24}https?://([\w.-]{1,253})")
_HTML = late(r"(?i)^(?:content\s{0,20}: )?<(?:!doctype )?html\b")
_NEAR = 25
"""So many lines a request's answer stands below it at most."""
_PART = late(r"[A-Z]{1,2}\s?=\s?\S.*")
_NAMED = late(r"CN\s?=\s?([\w*.-]{4,253})")


class _Certificate(msgspec.Struct):
    """One certificate: who issued it, the host that was asked for, the line, and whom it is made out for."""

    issuer: str
    asked: str
    record: int
    subject: str = ""


class _Certificates(msgspec.Struct):
    """The certificates of a text, read line by line: issuers, and the host that each is made out for.

    Attributes:
        found: Certificates whose issuer is told.
        below: The name of what stands on the lines below a heading; empty elsewhere.
        subject: The first host that a certificate is made out for.
        waiting: A host whose certificate's issuer was not told yet, and its line.
    """

    found: list[_Certificate] = msgspec.field(default_factory=list)
    below: str = ""
    going_on: bool = False
    subject: str = ""
    waiting: tuple[str, int] = ("", 0)

    def take(self, test: str, answer: re.Match[str], asked: str, record: int) -> None:
        """Take an answer about a certificate."""
        self.below = test.removesuffix(BELOW) if test.endswith(BELOW) else ""
        self.going_on = False
        if test == ISSUER:
            self._add(answer["issuer"], asked, record)
        elif test == SUBJECT:
            self._made_out_for(answer["subject"], record)

    def _add(self, issuer: str, asked: str, record: int) -> None:
        subject, line = self.waiting
        near = record - line <= OF_ONE
        self.found.append(_Certificate(issuer, asked, record, subject if near else ""))
        self.waiting = ("", 0)

    def _made_out_for(self, subject: str, record: int) -> None:
        """Take a host as that of the certificate whose issuer stands shortly above, else of the next one."""
        self.subject = self.subject or subject
        if "." not in subject:
            return
        last = self.found[-1] if self.found else None
        if last is not None and not last.subject and record - last.record <= OF_ONE:
            last.subject = subject
        else:
            self.waiting = (subject, record)

    def go_on(self, text: str, asked: str, record: int) -> None:
        """Read a line below a heading: a part of the name, or the end of it."""
        part = _PART.fullmatch(text)
        if part and self.below == ISSUER and self.going_on:
            self.found[-1].issuer += f", {text}"
        elif part and self.below == ISSUER:
            self._add(text, asked, record)
        elif part and (named := _NAMED.search(text)):
            self._made_out_for(named[1], record)
        self.going_on = part is not None
        self.below = self.below if part else ""


def add_answers(found: Properties, lines: Sequence[str]) -> None:
    """Add the failures that tools of the network tell in a text, and who issued certificates, one row each.

    Args:
        found: Where the rows go: section is `TEST` with the host, name the test, value "False" with the line;
            of a certificate name `ISSUER`, value the issuer's name as written, and `SUBJECT`, value the host.
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
                    named = (
                        " ".join(filter(None, answer.groupdict().values())) or asked or certificates.subject
                    )
                    found.add(f"{TEST} {named}".strip(), test, f"False ({text})", record)
                break
        else:
            if certificates.below:
                certificates.go_on(text, asked, record)
    for each in certificates.found:
        of_host = each.asked or each.subject or certificates.subject
        section = f"{TEST} {of_host}" if "." in of_host else CERTIFICATE
        found.add(section, ISSUER, each.issuer, each.record)
        if each.subject:
            found.add(section, SUBJECT, each.subject, each.record)


def add_strange_answers(found: Properties, lines: Sequence[str]) -> None:
    """Add the address that nslookup shows for a host, and who answered a request in place of the host asked.

    Args:
        found: Where the rows go: section is `TEST` with the host, name `ADDRESS` or `INSTEAD`.
        lines: Of the text, without their ends.
    """
    looked_up, named, asked, asked_at = "", False, "", 0
    for record, line in enumerate(lines, 1):
        text = line[:SEARCHED].strip(" \t>|")
        if command := _LOOKED_UP.search(text):
            looked_up, named = command[1].lower(), False
        elif looked_up and (answer := _FOR_NAME.match(text)) and not _V4.match(text):
            named = named or answer[1].lower().rstrip(".") == looked_up
        elif looked_up and named and (address := _V4.match(text)):
            found.add(f"{TEST} {looked_up}", ADDRESS, address[1], record)
            looked_up = ""
        elsewhere = _ELSEWHERE.match(text)
        instead = elsewhere[1].lower() if elsewhere else A_PAGE if _HTML.match(text) else ""
        if instead and asked and record - asked_at <= _NEAR:
            if instead != asked:
                found.add(f"{TEST} {asked}", INSTEAD, instead, record)
            asked = ""
        elif not elsewhere and (request := _ASKED.search(text)):
            asked, asked_at = request[1].lower(), record


@cache
def _answers() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = read_facts("network_answers").select("pattern", "test").iter_rows()
    return tuple((re.compile(pattern), test) for pattern, test in rows)

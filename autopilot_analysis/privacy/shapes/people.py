"""Names of people and their accounts: mail addresses, SIDs, profile folders, whoever acts or owns."""

from __future__ import annotations

import re
from functools import cache

from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy.shapes.shape import Found

FILE = re.compile(r"(?i)\.(?:exe|dll|sys|msi|ps1|cmd|bat|vbs|log|txt|ini|inf|mui|etl|evtx|cab|dat)$")
"""How the name of a file ends, which is no account's."""
DELIMITERS = " \t\r\n\"'<>()[]{}=:;,/"
"""What may stand on either side of an account."""
COMMAND = re.compile(r"[A-Z]{3,} \d+")
"""What a protocol calls one of its channels."""


@cache
def _not_domains() -> frozenset[str]:
    return frozenset(read_facts("not_domains")["word"])


def account(domain: str, name: str) -> Found:
    """Return a domain and its account, unless it is a path of the registry, of a device or of a file.

    Args:
        domain: What stands before the backslash.
        name: What stands behind it.
    """
    path = domain.lower() in _not_domains() or domain.lower().startswith("hkey") or FILE.search(name)
    return [] if path else [("tenant", domain), ("user", name)]


def _acting(match: str) -> Found:
    domain, _, name = match.rsplit(maxsplit=1)[-1].replace("\\\\", "\\").partition("\\")
    return [] if match.rstrip().endswith("\\") else account(domain, name)


def _alone(match: str) -> Found:
    """Return a domain in capitals and its account, between blanks, quotes, brackets or tags.

    A word in capitals and a number behind it are a command of a protocol, such as "CHANNEL 0".
    """
    domain, _, name = match.strip(DELIMITERS).replace("\\\\", "\\").partition("\\")
    name = name.split()[0] if name.count(" ") > 1 else name
    return account(domain, name) if re.search(r"[A-Z]{2}", domain) and not COMMAND.fullmatch(name) else []


def _members(match: str) -> Found:
    """Return the lines of a list of members; a sentence, or a table of several columns, is none."""
    lines = re.split(r"-{20,}", match)[1].split("\n")
    return [("user", line.strip()) for line in lines if not re.search(r"\.$|\s.*\s", line.strip())]


def _folder(match: str) -> Found:
    name = re.split(r"[\\/]+|%5[cC]|%2[fF]", match)[-1].strip().rstrip(".)'")
    first = re.split(r"[\s)'\]]", name, maxsplit=1)[0]
    spaced = name if name.count(" ") <= 2 and len(name) <= 40 else first
    return [("user", spaced), ("user", first)] if len(first) > 1 else []


def _ticket(match: str) -> Found:
    """Return the account and the domain of a line of `klist`."""
    _, account, _, domain = match.split()
    return [("user", account), ("tenant", domain)]


def _managed(match: str) -> Found:
    """Return the name that the service gives a device, and the account that it begins with."""
    return [("user", match), ("user", re.split(r"_(?:W|iP|Mac|And)", match)[0])]


READERS = {
    "acting": _acting,
    "alone": _alone,
    "folder": _folder,
    "managed": _managed,
    "members": _members,
    "ticket": _ticket,
}
"""What takes a closer look at a match."""

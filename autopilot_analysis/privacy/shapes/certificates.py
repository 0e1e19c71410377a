"""What certificates and their keys are told by: subjects, thumbprints, names of key files."""

from __future__ import annotations

import re

from autopilot_analysis.facts.guids import BRACED
from autopilot_analysis.privacy.shapes.shape import Found
from autopilot_analysis.privacy.words import is_public_authority, is_public_host

PARTS = "CN|OU|O|DC|E|L|S|ST|C|SERIALNUMBER|emailAddress"
PART_VALUE = r"\\?\"[^\"\\\r\n]+\\?\"?|[^,;\"'\r\n<>+/\\\]}]+"
NAME_PART = rf"(?:{PARTS})\s?=\s?(?:{PART_VALUE})"
"""One part of a name in a certificate or a directory."""

AUTHORITY = re.compile(r"\b(?:CA|Root|Certification|Certificate|Authority|Authorized)\b|\(c\)|^www\.|^http")
"""What only an authority is called, or what it says of itself."""


def _subject(match: str) -> Found:
    """Yield what a name in a certificate or a directory names; of a public authority only ids."""
    parts = re.findall(rf"({PARTS})\s?=\s?({PART_VALUE})", match, re.IGNORECASE)
    public = any(label.upper() == "O" and is_public_authority(value) for label, value in parts)
    for label, written in parts:
        value = written.strip().strip('\\" ')
        place = label.upper() in ("L", "S", "ST", "C") or (label.upper() == "DC" and len(value) < 4)
        named = AUTHORITY.search(value) or is_public_authority(value)
        named = named or any(is_public_host(word) for word in value.split())
        if len(value) > 2 and not (place or named or (public and not re.fullmatch(BRACED, value))):
            yield "certificate", value.strip("{}")


def _embedded(match: str) -> Found:
    """Return the thumbprint behind subject, issuer and dates, unless a public authority issued it to all."""
    issuer = match.split("|", maxsplit=1)[0].rpartition(":")[2]
    public = is_public_authority(issuer) and not re.search(r"(?i)device|organization", issuer)
    return [] if public else [("certificate", match[-40:])]


READERS = {"embedded": _embedded, "subject": _subject}
"""What takes a closer look at a match."""

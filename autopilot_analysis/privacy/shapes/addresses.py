"""Addresses of cards and of networks, and dotted numbers that only look like one."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from autopilot_analysis.privacy.plausible import points_at_somebody
from autopilot_analysis.privacy.shapes.shape import Found

DOTTED = (
    r"(?i)(?:^|[^\\a-z0-9+/])[a-z0-9+/]{0,60}[a-z]\d{1,10}(?:\.\d{1,10})+|"
    r"title\\{0,2}\"\s?:\s?\\{0,2}\"[^\"\\]{1,300}|"
    r"\btime\.windows\.com,0x[0-9a-f]+ \([^()]{1,100}\)|"
    r"_\d{1,10}(?:\.\d{1,10}){3}_(?:x64|x86|arm|neutral)|"
    r"[a-z0-9+/]*[a-z+/]\.\d{1,10}(?:\.\d{1,10})+|~\d{1,10}(?:\.\d{1,10})+|"
    r"(?:\b\w{0,30}ver(?:sion)?"
    r"[\"'\\]{0,3}\s{0,2}(?:\bis\b)?\s{0,2}[:=]?\s{0,2}[\"'\\]{0,3}v?)?"
    r"\d{1,10}(?:\.\d{1,10})+"
)
"""Dotted numbers, with what before them says that they are a version."""


def numbers(match: str) -> tuple[list[str], list[str]]:
    """Return dotted numbers that may be addresses, and those that are versions or belong to a public host.

    Args:
        match: Of `DOTTED`.
    """
    if match[0].isdigit():
        return [match], []
    near, arrow, far = match.rpartition("->")
    dotted = r"(?<!\d)\d+(?:\.\d+)+"
    return re.findall(dotted, near) if arrow else [], re.findall(dotted, far)


def unversioned(candidates: Iterable[str], versions: set[str]) -> Found:
    """Yield the addresses among dotted numbers.

    Args:
        candidates: Dotted numbers.
        versions: Those that are a version somewhere.
    """
    for candidate in candidates:
        if candidate not in versions and candidate.count(".") == 3:
            yield from address(candidate)


def address(text: str) -> Found:
    """Return a network address that points at somebody.

    Args:
        text: What may be one.
    """
    try:
        if text.startswith(("1.3.", "2.5.")):  # the number of an object in certificates
            return []
        found = ipaddress.ip_address(text.rstrip(":") if not text.endswith("::") else text)
    except ValueError:
        return []
    if found.version == 6 and not (text[:2].lower() in ("fe", "fd", "fc", "ff") or text[0] in "23"):
        return []
    return [("ip", text)] if points_at_somebody(found) else []


def _mac(match: str) -> Found:
    if "." in match and match.replace(".", "").isdigit():
        return []  # a version, not Cisco's way to write an address
    return [("mac", match)] if len(match) in (14, 17) and len(set(match) - set(":-.")) > 1 else []


READERS = {"address": address, "mac": _mac}
"""What takes a closer look at a match."""

"""Names of machines: in web addresses, shares, services, proxies, scripts, and when they are renamed."""

from __future__ import annotations

import re

from autopilot_analysis.privacy.shapes.addresses import address
from autopilot_analysis.privacy.shapes.shape import Found
from autopilot_analysis.privacy.words import generic


def _machine(match: str) -> Found:
    return [("host", match)] if match.isupper() or re.search(r"\d", match) else []  # "win-session"


def _inner(match: str) -> Found:
    spelt = re.match(r"[A-Z][a-z]+(?:[A-Z][a-z]+)*\.[A-Z]", match)  # a name of code: "Cortana.Internal"
    return [("host", match)] if not (spelt or generic(match.split(".", maxsplit=1)[0])) else []


def _onmicrosoft(match: str) -> Found:
    first = match.split(".", maxsplit=1)[0].removesuffix("-my").removesuffix("-admin")
    return [("tenant", match), ("tenant", first)]


def _url(match: str) -> Found:
    host = re.split(r"://|%3a%2f%2f|:\\/\\/", match, maxsplit=1, flags=re.IGNORECASE)[1]
    found = []
    login, at, rest = re.split(r"[/\\?#]|%2f", host, maxsplit=1, flags=re.IGNORECASE)[0].rpartition("@")
    if "=" in rest:  # a name in a directory
        return []
    if at:
        found += [("user", part) for part in login.split(":") if len(part) > 2]
    name = rest.split(":")[0].strip(".")
    if re.fullmatch(r"\d+(?:\.\d+){3}", name):
        return [*found, *address(name)]
    return [*found, ("host", name)] if "." in name or "-" in name or len(name) > 5 else found


def _principal(name: str) -> Found:
    """Return the host of a service; a version of a protocol, such as HTTP/1.1, is none."""
    named = re.search(r"[A-Za-z]", name) and re.search(r"[.\d-]", name)
    return [("host", name.rstrip(".-"))] if named else []


def _bypass(match: str) -> Found:
    parts = re.split(r"[;,\s]+", re.split(r"[:=]", match, maxsplit=1)[1])
    names = [part.removeprefix("*").removeprefix(".") for part in parts]
    return [("host", name) for name in names if any(map(str.isalpha, _before_dots(name)))]


def _before_dots(name: str) -> str:
    """Return the parts of a host's name that stand before a dot and more; an address has digits only."""
    return "".join(re.findall(r"(?<![\w-])([\w-]++)(?=\.\w)", name))


def _renamed(match: str) -> Found:
    """Return names after "from" and "to"; a word in lower case without a digit is a word, no name."""
    names = re.findall(r"(?i)\b(?:from|to)\s\W?([A-Z0-9-]{3,15})\b", match)
    return [("host", name) for name in names if name.isupper() or re.search(r"\d", name)]


READERS = {
    "bypass": _bypass,
    "inner": _inner,
    "machine": _machine,
    "onmicrosoft": _onmicrosoft,
    "principal": _principal,
    "renamed": _renamed,
    "url": _url,
}
"""What takes a closer look at a match."""

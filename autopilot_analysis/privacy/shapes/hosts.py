"""Names of machines: in web addresses, shares, services, proxies, scripts, and when they are renamed."""

from __future__ import annotations

import re

from autopilot_analysis.privacy.shapes.addresses import address
from autopilot_analysis.privacy.shapes.shape import Found, Shape, last
from autopilot_analysis.privacy.words import generic


def _named(match: str) -> Found:
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


SHAPES = {
    "host": Shape(r"(?i)\b(?:DESKTOP|LAPTOP|WIN|MININT|AUTOPILOT|CPC)-[A-Z0-9]{4,12}\b", _named),
    "inner_host": Shape(
        r"(?i)\b[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,4}"
        r"\.(?:local|lan|corp|internal|intranet|intra|home)\b",
        _inner,
    ),
    "hash_file": Shape(
        r"(?i)DeviceHash_[A-Z0-9-]{1,63}\.csv",
        lambda match: [("host", match[len("DeviceHash_") : -len(".csv")])],
    ),
    "url": Shape(
        r"(?i)\b(?:https?|ftp|ldaps?|wss?|sip|imaps?)(?:://|%3a%2f%2f|:\\/\\/)[^\s\"'<>,;|)\]}]{3,400}", _url
    ),
    "onmicrosoft": Shape(
        r"(?i)\b[a-z0-9-]{1,63}(?:\.mail)?\.(?:onmicrosoft|sharepoint)\.(?:com|de|us|cn)\b", _onmicrosoft
    ),
    "unc": Shape(
        r"(?:^|[\s\"'=(,;])\\\\[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\[^\\\s]"
        r"|\\\\\\\\[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\\\",
        lambda match: [("host", re.sub(r"^[\s\"'=(,;]?\\+|\\+.?$", "", match))],
    ),
    "renamed": Shape(
        r"(?i)\brenam\w{0,5}\s(?:the\s)?(?:computer|machine|device|host)[^.\r\n]{0,30}"
        r"\sto\s\W?[A-Z0-9-]{3,15}\b"
        r"|\bname\s(?:was\s)?changed\sfrom\s\W?[A-Z0-9-]{3,15}\W?\sto\s\W?[A-Z0-9-]{3,15}\b",
        _renamed,
    ),
    "naming": Shape(
        r"(?i)\b(?:computer|machine|device|host) ?name (?:changed |set )?to \W?[A-Z0-9-]{3,15}\b",
        lambda match: _renamed(match[-20:]),
    ),
    "archive": Shape(
        r"(?i)\bDiagLogs-[A-Z0-9-]{1,63}-\d{8}T?\d{0,6}",
        lambda match: [("host", re.sub(r"(?i)^DiagLogs-|-\d{8}T?\d*$", "", match))],
    ),
    "proxy": Shape(
        r"(?i)\b(?:https?|ftp|socks)=[a-z0-9.-]{1,80}:\d{2,5}\b",
        lambda match: [("host", re.sub(r"^\w+=|:\d+$", "", match))],
    ),
    "bypass": Shape(
        r"(?i)\b(?:bypass[ -]?list|proxy[ _]?override)\s{0,12}[:=]\s{0,3}[^\r\n\"]{2,400}", _bypass
    ),
    "script": Shape(
        r"\b(?:PROXY|SOCKS5?|HTTPS?) [a-z0-9][a-z0-9.-]{2,120}:\d{2,5}\b",
        lambda match: [("host", match.split()[1].rpartition(":")[0])],
    ),
    "alternative": Shape(
        r"(?i)\bDNS(?: ?Name)?[:=]\s?(?:\*\.)?[a-z0-9][a-z0-9.-]{2,120}",
        lambda match: [("host", re.sub(r"(?i)^DNS(?: ?Name)?[:=]\s?(?:\*\.)?", "", match))],
    ),
    "controller": Shape(
        r"(?i)\b(?:DC|Controller|Server): \\\\[a-z0-9][a-z0-9.-]{1,120}", last("host", r"\\")
    ),
    "shut_down": Shape(
        r"(?i)\.exe \([A-Z0-9][A-Z0-9-]{1,14}\)", lambda match: [("host", match.rpartition("(")[2][:-1])]
    ),
    "remote_management": Shape(
        r"(?i)(?:^|[\s\"'=])[a-z][a-z0-9.-]{1,120}/wsman\b",
        lambda match: [("host", match.split("/")[0].lstrip("\"'= \t\r\n"))],
    ),
    "stored": Shape(r"(?i)\bcmdkey(?:\.exe)? /add:[a-z0-9][a-z0-9.-]{1,120}", last("host", ":")),
    "printer": Shape(
        r"(?i)\\printers\\{1,2}connections\\{1,2},,[a-z0-9][a-z0-9.-]{0,120},",
        lambda m: [("host", m.split(",")[2])],
    ),
    "mounted": Shape(
        r"(?i)\\MountPoints2\\{1,2}##[a-z0-9][a-z0-9.-]{0,120}#",
        lambda match: [("host", match.split("#")[2])],
    ),
    "remote_desktop": Shape(
        r"(?i)\bTerminal Server Client\\{1,2}Servers\\{1,2}[a-z0-9][a-z0-9.-]{1,120}", last("host", r"\\")
    ),
    "principal": Shape(
        r"\b(?i:HOST|RestrictedKrbHost|TERMSRV|WSMAN|RPCSS|MSSQLSvc|cifs|ldap|GC|DNS|krbtgt|HTTP)/"
        r"[A-Za-z0-9][A-Za-z0-9.-]{2,120}",
        lambda match: _principal(match.split("/", 1)[1]),
    ),
}
"""Where a machine is named."""

"""Words that name nobody: placeholders, built-in accounts, public hosts, well-known identifiers."""

from __future__ import annotations

import re
from functools import cache

from autopilot_analysis.facts import read_facts, shared_pattern

TENANT_HOSTS = re.compile(rf"\.{shared_pattern('TENANT HOST')}\.", re.IGNORECASE)
KNOWN_SID = re.compile(rf"S-1-(?!{shared_pattern('FAMILY OF PERSONAL SIDS')}-)[\d-]+\Z", re.IGNORECASE)
ISSUERS = re.compile(
    r"(?:microsoft|ms-organization|digicert|sectigo|globalsign|verisign|intel|amd|infineon|stm|nuvoton|ntc|baltimore|"
    r"usertrust|comodo|entrust|thawte|symantec|token signing|sccm|iso|win32|redmond|washington)\b",
    re.IGNORECASE,
)
VALUE = re.compile(
    r"(?:0x[0-9a-f]{1,8}|[0-9a-f]{0,4}|-?\d{1,4}(?:\.\d+)?|\{?[0-]{32,36}\}?|\{\w{1,30}\}|[^\w]*|[f0]{8}-.*|\d{1,2}:\d{2}(?::\d{2})?"
    r"|(?:umfd|dwm)-\d{1,3}|%\w{1,30}%?|\{\d\}|\(null\)|<null>|[A-Z]:)\Z",
    re.IGNORECASE,
)
"""Numbers, codes, empty GUIDs, format placeholders: values that stand for something else."""

EXAMPLE = re.compile(r"(?:computer|machine|server|host|client|workstation|pc)-?0?\d")
"""What examples in scripts and in their help call a machine."""

SHORT_DOMAIN = re.compile(r"[a-z]\d[a-z0-9]{1,3}|[a-z]{2,3}\d[a-z0-9]{0,2}")
"""The short name of a domain, which may look like a number in hexadecimal."""


def generic(original: str, *, kind: str = "", certain: bool = False) -> bool:
    """Whether a word names nobody in particular, so that hiding it would only spoil the text.

    Args:
        original: The word.
        kind: What it would name: a user may be called like a code, a person's name begin like an issuer's.
        certain: Whether it stood where only names stand: then only placeholders are let through.
    """
    plain = original.strip().lower()
    if plain in _facts("nobody_words") or plain in _facts("placeholder_serials"):
        return True
    if plain in _facts("known_roots") or shortened(plain):
        return True
    if kind == "tenant" and SHORT_DOMAIN.fullmatch(plain):
        return False
    if certain or (kind in ("user", "host") and plain.isalpha() and len(plain) > 2):
        return False
    if kind == "place":
        return False
    if kind == "host" and EXAMPLE.fullmatch(plain):
        return True
    issuer = kind not in ("user", "serial", "network") and ISSUERS.match(plain)
    return bool(VALUE.match(plain) or issuer)


def shortened(name: str) -> bool:
    """Whether a name of the old form with eight signs, such as "ADMINI~1", is that of a word for nobody."""
    stem, tilde, number = name.strip().lower().partition("~")
    return bool(tilde and number.isdigit() and stem) and any(
        word.startswith(stem) for word in _facts("nobody_words") if len(word) > len(stem)
    )


def is_public_authority(organisation: str) -> bool:
    """Whether an organisation issues certificates to everybody, or signs what Windows brings along."""
    plain = organisation.strip().strip("\\\"' ").lower()
    return plain in _facts("public_authorities") or bool(ISSUERS.match(plain))


def is_public_address(address: str) -> bool:
    """Whether an address belongs to a public name server, or to Windows' own check of a connection."""
    return address.lower() in _facts("public_addresses")


def well_known_sid(original: str) -> bool:
    """Whether a SID is the same on every machine, such as S-1-5-18."""
    return bool(KNOWN_SID.match(original.strip()))


def is_public_host(name: str) -> bool:
    """Whether a host or mail domain belongs to Microsoft, a public authority or a public mail service."""
    plain = name.strip().lower().rstrip(".")
    if TENANT_HOSTS.search(f".{plain}"):
        return False
    parts = plain.split(".")
    return any(".".join(parts[start:]) in _public_hosts() for start in range(len(parts)))


@cache
def _public_hosts() -> frozenset[str]:
    """Return the hosts of everybody, with those that every device of Autopilot must reach, lower case."""
    needed = read_facts("endpoints")["hosts"].drop_nulls().str.split(" ").explode()
    return _facts("public_hosts") | frozenset(needed.str.strip_prefix("*.").str.to_lowercase())


@cache
def _facts(name: str) -> frozenset[str]:
    """Return the first column of a table of facts, lower case."""
    return frozenset(value.strip().lower() for value in read_facts(name).to_series(0).drop_nulls())

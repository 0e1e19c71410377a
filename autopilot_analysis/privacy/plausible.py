"""Whether a value behind a label can be what the label says; a label alone decides nothing."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator

from autopilot_analysis.facts.guids import BRACED
from autopilot_analysis.privacy.words import is_public_address

HOST = re.compile(r"(?![0-9A-Fa-f]{12,16}\Z)(?!0x)(?=[\w-]*[^\W\d_])[\w-]+(?:\.[\w-]+)*\.?|\d\w*-[\w-]+")
"""A computer's name has a letter and no blank; a heap address is none."""
VOLUME = re.compile(r"(?i)harddisk\w*|cdrom\d*|physicaldrive\d*")
IDENTIFIER = re.compile(rf"{BRACED}|[0-9A-Fa-f]{{12,}}|[A-Za-z0-9+/=_.:-]{{12,}}")
SETUP_CLASS = re.compile(r"(?i)\{?[0-9a-f]{8}-e325-11ce-bfc1-08002be10318\}?")
"""The classes of drivers are the same on every machine."""
DIRECTORY = re.compile(r"(?i)\A(?:CN|OU|O|DC|E|L|S|ST|C|SERIALNUMBER)\s?=\s?")
STORE_ID = re.compile(r"(?i)\A(?:9|XP|BF)[A-Z0-9]{10,12}\Z")
"""An item of the Store, which is called a product as well."""


def identifiers_in(kind: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of what a labelled value holds; lists are taken apart, prose names nobody.

    Args:
        kind: What the label says the value is.
        value: As it stands there.
    """
    for part in re.split(r"[,;\x00\n]\s*", value):
        original = part.strip()
        if original.startswith(("$", "%")):  # a variable of a script
            continue
        if DIRECTORY.match(original) and kind in ("user", "certificate"):
            yield from _named(kind, original)
        elif kind in JUDGES:
            yield from JUDGES[kind](original)
        elif len(original) >= 3:
            yield kind, original


def _named(kind: str, part: str) -> Iterator[tuple[str, str]]:
    """Yield what a part of a distinguished name names; countries and places name nobody."""
    label, _, name = part.partition("=")
    if label.strip().upper() in ("CN", "OU", "O", "E", "SERIALNUMBER") and len(name.strip()) > 2:
        yield kind, name.strip()
    elif label.strip().upper() == "DC" and len(name.strip()) > 5:
        yield "tenant", name.strip()


def _host(original: str) -> Iterator[tuple[str, str]]:
    if re.search(r"&.*=", original):  # a parameter of a web address
        original = original.split("&", maxsplit=1)[0]
        if "." not in original:
            return
    if DIRECTORY.match(original):
        return
    original = original.partition("%")[0].rstrip("-")  # a template: %SERIAL% differs on every device
    original = re.sub(r"^(?:_[\w-]+\.|(?:[dgp]c|domains)\._msdcs\.)+", "", original)  # a service asked for
    name = re.sub(r"^\w{2,8}=|^\w{2,8}://|^\*\.|:\d{1,5}$", "", original)
    plain = name.replace("\\\\", "\\").strip("\\")
    last = plain.rpartition("\\")[2]
    if re.fullmatch(r"[\d.]{7,15}|[0-9a-fA-F:]{6,39}", last) and not last.isalpha():
        yield from _address(last)
    elif HOST.fullmatch(last) and not re.fullmatch(BRACED, last) and not VOLUME.match(last):
        yield "host", plain


def _machine(original: str) -> Iterator[tuple[str, str]]:
    """Yield a host whose label also names a part of a web address; a plain word is that."""
    if re.search(r"[\d.-]", original):
        yield from _host(original)


def _tenant(original: str) -> Iterator[tuple[str, str]]:
    if re.search(r"&.*=", original):
        original = original.split("&", maxsplit=1)[0]
        if "." not in original:
            return
    if len(original) >= 3:
        yield "tenant", original


def _id(original: str) -> Iterator[tuple[str, str]]:
    digits = any(sign.isdigit() for sign in original)
    if digits and IDENTIFIER.fullmatch(original) and not SETUP_CLASS.fullmatch(original):
        yield "id", original


def _key(original: str) -> Iterator[tuple[str, str]]:
    if len(original) >= 5 and " " not in original and not STORE_ID.match(original.partition("&")[0]):
        yield "key", original


def _certificate(original: str) -> Iterator[tuple[str, str]]:
    if any(sign.isdigit() for sign in original) and len(original) >= 3:
        yield "certificate", original


def _address(text: str) -> Iterator[tuple[str, str]]:
    plain = re.sub(r"\(.*", "", text).split("%")[0].split("/")[0]
    if not any(sign.isdigit() for sign in plain):
        return
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        bare = plain.removeprefix("0x")
        if re.fullmatch(r"[0-9A-Fa-f]{2}(?:[:.-]?[0-9A-Fa-f]{2}){5}", bare):
            yield "mac", bare
        return
    if points_at_somebody(address):
        yield "ip", plain


def points_at_somebody(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address can name one machine: no loopback, multicast, mask, nor a net's own number.

    Args:
        address: As it was read.
    """
    net = address.version == 4 and str(address).endswith(".0.0" if not address.is_private else ".0")
    special = (
        net
        or is_public_address(str(address))
        or address.is_loopback
        or address.is_unspecified
        or address.is_multicast
    )
    mask = str(address).startswith(("255.", "0.", "224.", "127."))
    return not (special or mask)


JUDGES: dict[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    "host": _host,
    "machine": _machine,
    "tenant": _tenant,
    "id": _id,
    "key": _key,
    "certificate": _certificate,
    "address": _address,
}
"""What can be checked of a value of each kind."""

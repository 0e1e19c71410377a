"""Ids and serial numbers of what belongs to somebody: enrolments, tenants, volumes, sticks, networks."""

from __future__ import annotations

import re
from urllib.parse import unquote

from autopilot_analysis.facts.guids import BRACED
from autopilot_analysis.privacy.shapes.shape import Found

VIRTUAL = re.compile(r"(?i)VID_(?:0E0F|80EE|0627)\b|&VEN_(?:VMware|VBOX|QEMU|Msft)_?\b")
"""Makers of virtual hardware, which has the same number on every machine."""


def _ids(match: str) -> Found:
    """Return every GUID of a match as an id."""
    return [("id", found.strip("{}")) for found in re.findall(BRACED, match)]


def _path(part: str) -> Found:
    """Return the name of a network as a part of a path writes it."""
    return [("network", unquote(part))]


def _stick(match: str) -> Found:
    """Return the serial number of something plugged in, which has digits; Windows' own numbers hold a "&"."""
    name = re.split(r"[\\#]+", re.sub(r"&\d$", "", match))[-1]
    return [("serial", name)] if re.search(r"\d{2}", name) and not VIRTUAL.search(match) else []


def _serial(match: str) -> Found:
    value = re.split(r"[\s:=]+", match)[-1]
    return [("serial", value)] if re.search(r"\d", value) and len(value) > 4 else []


def _wireless(match: str) -> Found:
    return [("network", value) for value in re.findall(r"(?i)<(?:hex|name)>([^<>]+)<", match)]


READERS = {"ids": _ids, "path": _path, "serial": _serial, "stick": _stick, "wireless": _wireless}
"""What takes a closer look at a match."""

"""What Intune keeps of a remediation on a device (deviceHealthScriptDeviceState) -> `properties`.

People copy a part of the answer, which is no whole JSON: each property is found by its own name.
"""

from __future__ import annotations

import json
import re

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode
from autopilot_analysis.readers.texts.properties import Properties

STATE = "Run state"
"""Begins the section of one device's run; its number stands behind it."""
_NAMES = f"{shared_pattern('REMEDIATION OUTPUT')}|detectionState|remediationState|lastStateUpdateDateTime"
_FIELD = late(
    rf'"({_NAMES})"\s{{0,20}}:'
    r'\s{0,20}"((?:[^"\\]|\\.){0,60000})',
    re.DOTALL,
)
MOST = 5000
"""So many properties are read."""


def read_script_states(content: bytes, member: str = "") -> Reading:
    """Return the states of a remediation's runs, each in a section of its own; what is empty is left out.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: No property of such a state stands in it.
    """
    text = decode(content)
    found = Properties()
    names: set[str] = set()
    number, line, passed = 1, 1, 0
    for place, field in enumerate(_FIELD.finditer(text)):
        if place >= MOST:
            break
        name, value = field[1], _plain(field[2])
        line, passed = line + text.count("\n", passed, field.start()), field.start()
        if name in names:
            number, names = number + 1, set()
        names.add(name)
        if value.strip():
            found.add(f"{STATE} {number}", name, value, line)
    if not names:
        raise NotThisFormat.of(member, "shows no state of a remediation")
    return found.reading() if len(found) else Reading({})


def _plain(spelt: str) -> str:
    """Return a JSON string as the script wrote it; one that was cut is kept up to the cut."""
    try:
        return str(json.loads(f'"{spelt}"', strict=False))
    except ValueError:
        return spelt

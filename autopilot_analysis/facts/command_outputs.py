"""Lines of commands that people run and paste, each known by its shape (facts/command_outputs.csv)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from autopilot_analysis.facts import read_facts

EDITION = (
    r"(?:Core|Professional|Enterprise|Education|IoTEnterprise|ServerRdsh|CloudEdition|PPIPro)[A-Za-z]{0,24}"
)
"""How Windows calls an edition where it does not speak to people."""
_WIDEST = 300
"""Characters of a line that is looked at; a command writes no longer one of these."""
_LONGEST = 8000
"""Lines of a text that are looked at."""
_MARGIN = " \t>|*`"
"""What a mail or a ticket puts around a line."""


class Output(msgspec.Struct, frozen=True):
    """A line of a command.

    Attributes:
        command: That writes it.
        name: What it tells of.
        value: What it tells, in one form for every language.
        line: Where it stands, from 0.
    """

    command: str
    name: str
    value: str
    line: int


def outputs_in(lines: Sequence[str]) -> Iterator[Output]:
    """Yield the known lines of commands, in the order of the text.

    Args:
        lines: Without their ends.
    """
    for at, line in enumerate(lines[:_LONGEST]):
        if ":" not in line and "REG_SZ" not in line:
            continue
        written = line[:_WIDEST].strip(_MARGIN).replace("\t", " ").replace("\xa0", " ")
        for command, name, pattern, value in _shapes():
            if (hit := pattern.fullmatch(written)) is not None:
                yield Output(command, name, value or hit["value"], at)
                break


@cache
def _shapes() -> tuple[tuple[str, str, re.Pattern[str], str | None], ...]:
    rows = read_facts("command_outputs").select("command", "name", "pattern", "value")
    return tuple(
        (command, name, re.compile(pattern.replace("<EDITION>", EDITION)), value)
        for command, name, pattern, value in rows.iter_rows()
    )

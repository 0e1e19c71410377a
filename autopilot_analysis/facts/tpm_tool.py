"""The lines of `tpmtool` (facts/tpm_tool.csv): how each may be spelt, and by which name rules ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from autopilot_analysis.facts import one_each, read_facts

ATTESTS = "attests now"
"""By what rules ask for the line that says whether the chip can attest now."""


def as_known(label: str) -> str:
    """Return the label of a line as the facts spell it; one that no row spells otherwise stays as it is.

    Args:
        label: What stands before the colon, with the hyphen before it.
    """
    return _spellings().get(label.lstrip("- ").lower(), label) if label.startswith("-") else label


@cache
def _spellings() -> Mapping[str, str]:
    """Return the line of each other spelling of it, which is in lower case."""
    others = one_each(read_facts("tpm_tool").drop_nulls("also"), "also").select("also", "line")
    return {also.lower(): f"-{line}" for also, line in others.iter_rows()}


@cache
def line_of(name: str) -> str:
    """Return the label of a line in lower case, without the hyphen before it.

    Args:
        name: What rules ask for it by: the column `asked`.
    """
    (line,) = read_facts("tpm_tool").filter(asked=name)["line"]
    return str(line).lower()

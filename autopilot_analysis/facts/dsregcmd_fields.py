"""The fields of `dsregcmd /status` that are asked for (facts/dsregcmd_fields.csv), each by one name."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.own_words import plain


@cache
def spellings() -> dict[str, str]:
    """Return the field of each spelling: as the facts list them, in any case, with or without blanks."""
    rows = read_facts("dsregcmd_fields").select("field", "also")
    others = one_each(rows.drop_nulls("also"), "also")
    own = rows.select("field", also="field")
    return {plain(written): field for field, written in pl.concat([own, others]).iter_rows()}


def field_of(written: str) -> str:
    """Return the name by which everything here asks for a field; one that nothing asks for keeps its own.

    Args:
        written: As the command, or who pasted it, spells it.
    """
    return spellings().get(plain(written), written)


@cache
def written_alone() -> str:
    """Return a pattern of a line with a field that no other command writes: it shows what a text is.

    Who quotes or heads a line puts signs before it.
    """
    rows = one_each(read_facts("dsregcmd_fields").drop_nulls("alone"), "also").select(
        "field", "also", "alone"
    )
    names = ((name, alone) for *both, alone in rows.iter_rows() for name in both if name)
    lines = sorted({f"{_loose(name)}[ \\t]*:[ \\t]*{alone}" for name, alone in names})
    return rf"^[ \t>#]*(?:{'|'.join(lines)})"


@cache
def own_fields() -> frozenset[str]:
    """Return the fields that no other command writes."""
    return frozenset(read_facts("dsregcmd_fields").drop_nulls("alone")["field"])


def _loose(name: str) -> str:
    """Return a pattern of a name, in any case, with or without its blanks."""
    return f"(?i:{re.escape(name).replace(chr(92) + ' ', ' ?')})"

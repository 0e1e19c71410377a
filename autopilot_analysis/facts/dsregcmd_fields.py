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

    What a box of the command itself spells in another way (`also`) stays as written: quotes are its words.

    Args:
        written: As the command, or who pasted it, spells it.
    """
    return written if written in _of_boxes() else spellings().get(plain(written), written)


@cache
def spelt_as(field: str) -> frozenset[str]:
    """Return the names under which the command itself writes a field.

    Args:
        field: Of facts/dsregcmd_fields.csv.
    """
    return frozenset({field, *(also for also, of in _of_boxes().items() if of == field)})


@cache
def _of_boxes() -> dict[str, str]:
    """Return the field of each other spelling of the command's own."""
    rows = one_each(read_facts("dsregcmd_fields").select("field", "also").drop_nulls("also"), "also")
    return {also: field for field, also in rows.iter_rows()}


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
    """Return the names of the fields that no other command writes."""
    fields = read_facts("dsregcmd_fields").drop_nulls("alone")["field"]
    return frozenset().union(*map(spelt_as, fields))


def _loose(name: str) -> str:
    """Return a pattern of a name, in any case, with or without its blanks."""
    return f"(?i:{re.escape(name).replace(chr(92) + ' ', ' ?')})"

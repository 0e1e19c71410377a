"""The headers of reports (facts/report_columns.csv): a row there names one, several, or every one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import polars as pl

from autopilot_analysis.facts import one_each, read_facts

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+|\d+")
"""A word of a header, between blanks or run together: "Serial number", "SerialNumber", "UPN"."""
_BETWEEN = "[ '’.-]{0,2}"
"""What stands between the words of a header: nothing, a blank, a hyphen, an apostrophe."""
ALONE = "alone"
"""Beside a header that one report alone has: with it the table is of that report, whatever else it holds."""
WITHIN = "Properties."
"""Before the name of a field that stands inside the column Properties, which is no header."""
EVERY = "every"
"""In place of reports: every report that has the column, however that spells it otherwise."""


@cache
def report_columns() -> pl.DataFrame:
    """Return one row for each header of each report.

    Returns:
        Columns report, column (our name), alias (the header as written), and own (whether the report is known
        to spell it so); in the order of the facts, what holds of every report last.
    """
    headers = ~pl.col("alias").str.starts_with(WITHIN)
    rows = read_facts("report_columns").select("report", "column", "alias").filter(headers)
    own = one_each(rows.filter(pl.col("report") != EVERY), "report").with_columns(own=pl.lit(value=True))
    held = own.select("report", "column").unique(maintain_order=True)
    every = rows.filter(pl.col("report") == EVERY).drop("report")
    of_every = held.join(every, on="column", maintain_order="left")
    return pl.concat([own, of_every.with_columns(own=pl.lit(value=False)).select(own.columns)])


@cache
def fields_within(report: str) -> Mapping[str, tuple[str, ...]]:
    """Return the fields inside the column Properties of a report, each spelling of them under our column.

    Args:
        report: A name of facts/report_columns.csv.
    """
    within = pl.col("report") == report, pl.col("alias").str.starts_with(WITHIN)
    rows = one_each(read_facts("report_columns"), "report").filter(within)
    fields: dict[str, tuple[str, ...]] = {}
    for column, alias in rows.select("column", "alias").iter_rows():
        fields[column] = (*fields.get(column, ()), alias.removeprefix(WITHIN))
    return fields


@cache
def shown_in_table() -> str:
    """Return a pattern of headers of which one shows that a CSV is a report, with or without blanks."""
    headers = {_BETWEEN.join(_WORD.findall(header)).lower() for header in _showing("csv")}
    return f"(?:{'|'.join(sorted(headers))})"


@cache
def shown_in_object() -> str:
    """Return a pattern of names of which one shows that JSON is a report, in quotes and as they are spelt."""
    return f"(?:{'|'.join(map(re.escape, sorted(_showing('json'))))})"


@cache
def deciding_headers() -> Mapping[str, str]:
    """Return the report of each header that one report alone has, under the header as it is written."""
    rows = one_each(_that_show(ALONE), "report")
    return dict(rows.select("alias", "report").iter_rows())


@cache
def of_one_object() -> frozenset[str]:
    """Return the properties that no other object of Graph has."""
    return frozenset(_showing("json"))


def _showing(form: str) -> set[str]:
    """Return the headers that no other table or object of a form has."""
    return set(_that_show(form)["alias"].str.strip_prefix(WITHIN))


def _that_show(what: str) -> pl.DataFrame:
    rows = read_facts("report_columns").drop_nulls("shows")
    return rows.filter(pl.col("shows").str.split(" ").list.contains(what))

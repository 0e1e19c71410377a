"""Which rule explains which, and which says another's fact again: tables of facts, columns of a family."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts

_PAIRS = {
    "explains": {"rule": "cause", "explains": "consequence"},
    "implies": {"rule": "rule", "implies": "implied"},
}


def _of_family(column: str) -> pl.DataFrame:
    """Return the pairs that a cell of facts/switched_off.csv names, one id after another."""
    named = read_facts("switched_off").select("rule", pl.col(column).str.split(" ")).explode(column)
    return named.drop_nulls().rename(_PAIRS[column]).with_columns(same_item=pl.lit(None, dtype=pl.String))


@cache
def explanations() -> pl.DataFrame:
    """Return which rule explains which: cause, consequence, same_item."""
    known = read_facts("explains").select("cause", "consequence", "same_item")
    return pl.concat([known, _of_family("explains")])


@cache
def implications() -> pl.DataFrame:
    """Return which rule says what another would say again: rule, implied, same_item."""
    known = read_facts("implies").select("rule", "implied", "same_item")
    return pl.concat([known, _of_family("implies")])


@cache
def explained_codes() -> pl.DataFrame:
    """Return which rule explains whatever other finding has a code: cause, code."""
    return read_facts("explained_codes").select("cause", "code")

"""What stands where a list has the reason of a failure, and is none (facts/failure_words.csv)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.own_words import plain

NONE, FAILED = "none", "failed"
"""What such a word says: that nothing failed, or that something did and not why."""


@cache
def _words() -> Mapping[str, str]:
    """Return what each word says, in plain spelling; a cell of signs alone, such as a dash, says nothing."""
    rows = one_each(read_facts("failure_words"), "word").select("word", "means")
    return {"": NONE, **{plain(word): means for word, means in rows.iter_rows()}}


def says(column: str) -> pl.Expr:
    """Return what a word says that is no reason, null where a cell holds a reason or nothing at all.

    Args:
        column: A text column.
    """
    word = pl.col(column).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    return word.replace_strict(_words(), default=None, return_dtype=pl.String)

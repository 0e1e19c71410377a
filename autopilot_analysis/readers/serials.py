"""Which serial numbers are none: too short, or a text that firmware writes in place of one."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts

LEAST_SIGNS = 4
"""A text of fewer signs is no serial number."""


@cache
def placeholders() -> frozenset[str]:
    """Return the texts firmware writes in place of a serial number, in lower case."""
    return frozenset(read_facts("placeholder_serials")["serial"])


def is_placeholder(serial: pl.Expr) -> pl.Expr:
    """Return which serial numbers of a column are none.

    Args:
        serial: The column.
    """
    text = serial.str.strip_chars().str.to_lowercase()
    return (text.str.len_chars() < LEAST_SIGNS) | text.is_in(sorted(placeholders()))


def is_no_serial(text: str) -> bool:
    """Return the same of one text.

    Args:
        text: What stands where a serial number should.
    """
    plain = text.strip().lower()
    return len(plain) < LEAST_SIGNS or plain in placeholders()

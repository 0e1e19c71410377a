"""What a report's own text columns say of a failure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import polars as pl

from autopilot_analysis import quoting
from autopilot_analysis.findings.rules.scripts import reason_in
from autopilot_analysis.findings.words import words
from autopilot_analysis.wording import NO_WHY

SAYS_NOTHING = ("", "none", "unknown", "notapplicable", "success", "completed", "failed", "error")
"""Texts, without signs and codes, that say no more than the state beside them."""
SILENT = f"The service {NO_WHY}."
LONGEST = 300
"""So many signs of a text are told."""
MOSTLY = 0.5
"""The reason of a failure is that which more than this share of the texts name."""


def statement_of(text: str | None) -> str:
    """Return a text on one line, empty where it says nothing in words.

    Args:
        text: A cell of a report.
    """
    flat = " ".join((text or "").split())
    plain = re.sub(r"0x[0-9a-f]+|[^a-z]", "", flat.lower())
    foreign = any(sign.isalpha() and not sign.isascii() for sign in flat)
    return flat[:LONGEST] if foreign or plain not in SAYS_NOTHING else ""


def says_nothing(text: pl.Expr) -> pl.Expr:
    """Return whether texts are such of which `statement_of` keeps nothing.

    Args:
        text: Cells of a report.
    """
    plain = text.str.to_lowercase().str.replace_all(r"0x[0-9a-f]+|[^a-z]", "")
    foreign = text.str.contains(r"[\p{L}--[a-zA-Z]]")
    return (plain.is_in(SAYS_NOTHING) & ~foreign).fill_null(value=True)


def commonest_statement(texts: Iterable[str | None]) -> str:
    """Return the text that most rows say, with how many say it where others say something else.

    Args:
        texts: Cells of the rows that failed alike.
    """
    cells = [statement_of(text) for text in texts]
    counted = Counter(cell for cell in cells if cell)
    if not counted:
        return ""
    text, times = counted.most_common(1)[0]
    often = f" (in {times:,} of {len(cells):,})" if times < len(cells) else ""
    return f"{quoting.in_quotes(text.rstrip('.'))}{often}"


def means(known: str | None, text: str) -> str:
    """Return what a failure means, and what the report's own text says of it.

    Args:
        known: What is known of its code.
        text: What most of its rows say, see `commonest_statement`.
    """
    meaning = f"{known.rstrip('.')}." if known else ""
    own = f"The report's own text: {text}" if text else ""
    return " ".join(filter(None, (meaning, own))) or SILENT


def known_reason(texts: Iterable[str | None]) -> Mapping[str, Any] | None:
    """Return the words of the rule whose reason most of the texts name, None where none is named so often.

    Args:
        texts: Cells of the rows that failed alike; those that say nothing do not count.
    """
    found = Counter(reason_in(text) for text in map(statement_of, texts) if text)
    rule, times = found.most_common(1)[0] if found else (None, 0)
    return _rules()[rule] if rule and times > MOSTLY * found.total() else None


@cache
def _rules() -> Mapping[str, Mapping[str, Any]]:
    return {row["rule"]: row for row in words().iter_rows(named=True)}

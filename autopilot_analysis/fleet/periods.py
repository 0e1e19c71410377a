"""Days, weeks and months: where each begins, whether they are measured, matched or drawn."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

PERIODS = {"day": "1d", "week": "1w", "month": "1mo"}
"""Periods, each as polars writes it; its weeks begin on Monday."""
WEEK = "week"
FIRST = 0
"""Days from Monday to the day on which a week begins here."""
_OF_POLARS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAYS = (*_OF_POLARS[FIRST:], *_OF_POLARS[:FIRST])
"""Days of the week, from its first on."""


def start_of(at: pl.Expr, period: str) -> pl.Expr:
    """Return when the period began in which an instant lies.

    Args:
        at: Instants.
        period: One of PERIODS.
    """
    later = timedelta(days=FIRST if period == WEEK else 0)
    return (at - later).dt.truncate(PERIODS[period]) + later

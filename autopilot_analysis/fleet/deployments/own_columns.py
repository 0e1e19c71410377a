"""Columns that somebody gave a list by hand, as columns by which deployments are compared."""

from __future__ import annotations

import json

import polars as pl


def with_own_columns(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return deployments with a column for each name in `details`, such as Site or Team.

    Args:
        deployments: One attempt a row; as they are where no list was extended.
    """
    if deployments.schema.get("details") != pl.String or not deployments["details"].count():
        return deployments
    rows = [json.loads(text) if text else {} for text in deployments["details"]]
    names = dict.fromkeys(name for row in rows for name in row if name not in deployments.columns)
    return deployments.with_columns(
        pl.Series(name, [row.get(name) or None for row in rows], dtype=pl.String) for name in names
    )

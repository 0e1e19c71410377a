"""What could not be rewritten hides its cell: looks through every cell, wrapped or not, for originals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from autopilot_analysis.privacy.leaks import Hunted
from autopilot_analysis.privacy.rewrite import open_cells, text_columns
from autopilot_analysis.privacy.unfold import unfold

HIDDEN = "(hidden: it names somebody in a way that could not be rewritten)"
"""What stands in such a cell."""


def conceal(
    frames: Mapping[str, pl.DataFrame], originals: Iterable[str]
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Return the frames without the cells that still hold an original, and how many those were.

    The kit's own words, such as the name of a source, are no cells of anybody's.

    Args:
        frames: Rewritten frames under their tables' names.
        originals: What must not be there, in any letter case, plain or wrapped.

    Returns:
        The frames, and a frame of table, column and cells; no row means that all was rewritten.
    """
    cells = {
        (table, column): open_cells(frame, column)
        for table, frame in frames.items()
        for column in text_columns(frame)
    }
    left = _left(cells.values(), Hunted(originals)).implode()
    shown = dict(frames)
    counts: list[tuple[str, str, int]] = []
    for (table, column), held in cells.items():
        hits = held.is_in(left).fill_null(value=False)
        if hits.any():
            counts.append((table, column, int(hits.sum())))
            shown[table] = shown[table].with_columns(frames[table][column].set(hits, HIDDEN).alias(column))
    schema = {"table": pl.String, "column": pl.String, "cells": pl.Int64}
    return shown, pl.DataFrame(counts, schema=schema, orient="row")


def _left(cells: Iterable[pl.Series], hunted: Hunted) -> pl.Series:
    """Return the texts that still hold an original, each once: a search costs more than what it reads."""
    parts = [part.rename("text").drop_nulls().unique() for part in cells]
    texts = pl.concat(parts or [pl.Series("text", [], pl.String)]).unique(maintain_order=True)
    views = unfold(texts)
    rows = {int(row) for row, *_ in hunted.search([(str(r), "", text) for r, text in views.rows()])}
    return texts.gather(sorted(rows))

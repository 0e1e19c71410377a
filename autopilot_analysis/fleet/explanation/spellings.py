"""Values as people type them: several spellings of one thing are one group, a placeholder is none."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.groups import spelling


@cache
def _placeholders() -> tuple[str, ...]:
    """Return what firmware writes in place of a maker or a model."""
    return tuple(read_facts("placeholder_models")["value"])


def spelt_alike(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """Return a frame in which values that differ by case, spaces or dashes alone are one: the most frequent.

    What firmware leaves in place of a maker or a model is unknown, and so is an empty text. The frame given
    keeps what was typed.

    Args:
        frame: Deployments.
        names: Columns that name groups; only those of text are touched.
    """
    for name in names:
        if frame.schema[name] in (pl.String, pl.Categorical, pl.Enum):
            frame = _column_alike(frame, name)
    return frame


def _column_alike(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Replace every spelling of one column by the most frequent of those alike."""
    typed = frame[name].cast(pl.String)
    counted = typed.drop_nulls().value_counts(name="times").rename({name: "typed"})
    known = counted.with_columns(
        alike=spelling(pl.col("typed")), plain=pl.col("typed").str.strip_chars().str.to_lowercase()
    )
    shown = known.sort("times", "typed", descending=[True, False]).with_columns(
        shown=pl.when(~pl.col("plain").is_in(_placeholders()), pl.col("alike") != "").then(
            pl.col("typed").str.strip_chars().first().over("alike")
        )
    )
    if shown.select((pl.col("typed") == pl.col("shown")).fill_null(value=False).all()).item():
        return frame
    return frame.with_columns(typed.replace_strict(shown["typed"], shown["shown"]).alias(name))

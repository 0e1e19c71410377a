"""Groups as every figure shows them: their label, and a look that needs no colour to be told apart."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from autopilot_analysis.figures.rows import shorten
from autopilot_analysis.figures.style import FOREST, GREY, MARKED, ORANGE, PLAIN, PURPLE, QUIET, SKY, SMALL
from autopilot_analysis.tables import STAGES
from autopilot_analysis.wording import NOT_KNOWN, group, heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS = (
    (PLAIN, "-", "o"),
    (MARKED, "--", "s"),
    (FOREST, "-.", "^"),
    (PURPLE, ":", "D"),
    (ORANGE, (0, (6, 1, 1, 1, 1, 1)), "v"),
    (SKY, (0, (1, 3)), "P"),
    (GREY, (0, (8, 3)), "X"),
)
"""Colour, line and marker of the first groups; further groups are counted, not drawn."""


MOST_GROUPS = 18
"""Rows of a figure of groups, that of the words on the others among them: labels of several columns are long,
and what is drawn costs by the letter."""


def group_labels(frame: pl.DataFrame, measured: Iterable[str]) -> pl.Series:
    """Return the group of each row in words: its columns before the measured ones, "all" without any.

    Args:
        frame: Answer of a measure.
        measured: Columns that name no group.
    """
    names = [name for name in frame.columns if name not in set(measured)]
    if not names:
        return pl.Series("group", ["all"]).new_from_index(0, frame.height)
    titles = {stage: heading(stage) for stage in STAGES}
    texts = [pl.col(name).cast(pl.String).replace(titles).fill_null(NOT_KNOWN) for name in names]
    return frame.select(pl.concat_str(texts, separator=", ").alias("group"))["group"]


def in_words(where: str) -> str:
    """Return a group written as JSON in words.

    Args:
        where: Such as `{"model": "Slate 13"}`.
    """
    return group(json.loads(where))


def say_failure(failure: str) -> str:
    """Return a failure, such as "mdm_enrollment 0x80180018", with its stage in words.

    Args:
        failure: As `measure_failure_rates` and `measure_combinations` name it.
    """
    first, _, rest = failure.partition(" ")
    title = heading(first.rstrip(",")) if first.rstrip(",") in STAGES else first
    return f"{title} {rest}".strip()


def minutes(spans: pl.Series) -> pl.Series:
    """Return spans in minutes.

    Args:
        spans: Durations.
    """
    return spans.cast(pl.Duration("us")).dt.total_microseconds() / 60e6


def say_below(ax: Axes, text: str) -> None:
    """Write a quiet line under the lower right corner.

    Args:
        ax: The figure's axes.
        text: What to know of the drawing, such as how many rows it stands on.
    """
    ax.annotate(
        shorten(text, 160),
        (1, 0),
        xytext=(0, -30),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=SMALL,
        color=QUIET,
    )

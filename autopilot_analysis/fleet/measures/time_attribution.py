"""Where the minutes go: the time of every stage, and what no stage accounts for, adding up to the whole."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, with_columns_of
from autopilot_analysis.fleet.measures.durations import SPANS
from autopilot_analysis.tables.outcomes import FINISHED
from autopilot_analysis.tables.story import ON_THE_PAGE, UNATTRIBUTED

ATTRIBUTED = ("stage", "n", "excluded", "time", "share", "mean")
"""Columns of the time of a stage beside those of its group: a figure takes all others for its name."""


@answers_in_kind
def measure_time_attribution(deployments: pl.DataFrame, *, by: str | Sequence[str] = ()) -> pl.DataFrame:
    """Return the time of each stage and what none accounts for; the rows of a group sum exactly to its total.

    Only ended attempts with a total are added up. An attempt whose stages together exceed its total
    contradicts itself: it is left out and counted in `excluded`; nothing is scaled to fit.

    Args:
        deployments: One attempt a row.
        by: Columns to group by.

    Returns:
        A row for each group and stage (and UNATTRIBUTED): the columns of `by`, `stage`, `n` (attempts
        added up), `excluded`, `time` (sum, a duration), `share` (of the group's total), `mean`.

    Raises:
        UnknownName: No such column.
    """
    frame = with_columns_of(deployments, ("outcome", *SPANS))
    names = columns_of(frame, by)
    ended = frame.filter(pl.col("outcome").is_in(FINISHED), pl.col("total") >= pl.duration())
    known = pl.sum_horizontal(pl.col(name).fill_null(pl.duration()) for name in ON_THE_PAGE)
    parts = ended.with_columns((pl.col("total") - known).alias(UNATTRIBUTED))
    sound = pl.col(UNATTRIBUTED) >= pl.duration()
    sums = [pl.col(name).filter(sound).sum().alias(name) for name in (*ON_THE_PAGE, UNATTRIBUTED, "total")]
    counts = [sound.sum().cast(pl.Int64).alias("n"), (~sound).sum().cast(pl.Int64).alias("excluded")]
    added = (
        parts.group_by(names).agg(*counts, *sums).sort(names, nulls_last=True)
        if names
        else parts.select(*counts, *sums)
    )
    long = added.with_row_index("group").unpivot(
        on=[*ON_THE_PAGE, UNATTRIBUTED],
        index=["group", *names, "n", "excluded", "total"],
        variable_name="stage",
        value_name="time",
    )
    whole = pl.col("total").dt.total_microseconds()
    share = pl.when(whole > 0).then(pl.col("time").dt.total_microseconds() / whole)
    mean = pl.when(pl.col("n") > 0).then(pl.col("time") / pl.col("n"))
    ordered = long.sort("group", maintain_order=True).with_columns(share=share, mean=mean)
    return ordered.select(*names, *ATTRIBUTED)

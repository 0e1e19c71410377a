"""How long the stages take: percentiles with intervals, and how many are still unfinished."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, group_numbers, with_columns_of
from autopilot_analysis.fleet.intervals import order_ranks
from autopilot_analysis.tables.outcomes import FINISHED
from autopilot_analysis.tables.story import ON_THE_PAGE

SPANS = ("total", *ON_THE_PAGE)
"""Columns of `deployments` that tell how long something took."""

QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
TAIL, FAR = "p90", "p95"
"""The percentile that is shown beside the median, and the one that figures mark farther out."""

VALUE_BITS = 43
"""Bits of a span in microseconds beside its group number: up to 101 days."""


@answers_in_kind
def measure_durations(
    deployments: pl.DataFrame, *, by: str | Sequence[str] = (), stages: Sequence[str] = SPANS
) -> pl.DataFrame:
    """Return the percentiles of each stage that `QUANTILES` lists, with distribution-free intervals.

    Args:
        deployments: One attempt a row.
        by: Columns to group by.
        stages: Span columns.

    Returns:
        A row for each group and stage: the columns of `by`, `stage`, `n` (attempts), `finished` (spans that
        are whole), `unfinished` (still running or given up: censored, their spans left out), `unmeasured`
        (ended, yet no span was told), and for each percentile three durations: `p50`, `p50_low`, `p50_high`.
        A percentile of a small sample may have an open side: null.

    Raises:
        UnknownName: A column of `by` or `stages` does not exist.
    """
    frame = with_columns_of(deployments, ("outcome", *SPANS))
    names = columns_of(frame, by, *stages)
    groups, numbers = group_numbers(frame, names)
    parts = [_measure_stage(frame, stage, groups, numbers) for stage in stages]
    measured = pl.concat(parts).sort("group", maintain_order=True)
    return groups.join(measured, on="group", how="right", maintain_order="right").select(
        *names, pl.exclude("group", *names)
    )


def _measure_stage(
    frame: pl.DataFrame, stage: str, groups: pl.DataFrame, numbers: NDArray[np.int64]
) -> pl.DataFrame:
    whole = finished_spans(frame, stage)
    running = ~(whole | frame["outcome"].is_in(FINISHED).fill_null(value=False))
    own, spans = numbers[whole.to_numpy()], frame[stage].filter(whole).to_physical().to_numpy()
    count = groups.height
    rows = np.bincount(numbers, minlength=count)
    finished = np.bincount(own, minlength=count)
    unfinished = np.bincount(numbers[running.to_numpy()], minlength=count)
    columns: dict[str, object] = {
        "group": groups["group"],
        "stage": np.repeat(stage, count),
        "n": rows,
        "finished": finished,
        "unfinished": unfinished,
        "unmeasured": rows - finished - unfinished,
    }
    ordered = _sorted_by_group(own, spans)
    starts = np.concatenate([[0], np.cumsum(finished)[:-1]])
    for name, quantile in QUANTILES.items():
        low, high = order_ranks(finished, quantile)
        columns[name] = _linear(ordered, starts, finished, quantile)
        columns[f"{name}_low"] = _at_rank(ordered, starts, finished, low)
        columns[f"{name}_high"] = _at_rank(ordered, starts, finished, high)
    measured = pl.DataFrame(columns)
    percentiles = [f"{name}{side}" for name in QUANTILES for side in ("", "_low", "_high")]
    spans_of = [
        pl.col(name).fill_nan(None).round().cast(pl.Int64).cast(pl.Duration("us")) for name in percentiles
    ]
    return measured.with_columns(spans_of).with_columns(
        pl.col("n", "finished", "unfinished", "unmeasured").cast(pl.Int64)
    )


def finished_spans(frame: pl.DataFrame, stage: str) -> pl.Series:
    """Tell which rows carry a whole span of a stage: the attempt ended, or a later stage was measured.

    Args:
        frame: Deployments.
        stage: A span column.
    """
    later = SPANS[SPANS.index(stage) + 1 :] if stage in ON_THE_PAGE else ()
    ended = pl.col("outcome").is_in(FINISHED)
    passed = pl.any_horizontal(
        [ended, *(pl.col(name).is_not_null() for name in later if name in frame.columns)]
    )
    whole = pl.col(stage).is_not_null() & (pl.col(stage) >= pl.duration()) & passed
    return frame.select(whole.fill_null(value=False).alias("whole"))["whole"]


def alike(frame: pl.DataFrame) -> pl.Expr:
    """Return the class of attempts whose totals can be compared: same end, same stages measured.

    A self-deploying device has no Account setup and an attempt that failed stopped early: neither is fast.

    Args:
        frame: Deployments.
    """
    marks = [(pl.col("outcome") == "failed").fill_null(value=False)]
    marks += [pl.col(name).is_null() for name in ON_THE_PAGE if name in frame.columns]
    return pl.sum_horizontal(mark.cast(pl.Int32) * 2**place for place, mark in enumerate(marks)).alias(
        "class"
    )


def _sorted_by_group(numbers: NDArray[np.int64], spans: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort spans inside their groups; one integer sort when group and span fit one word.

    The numbers of the groups are used up: of ten million spans every further array is felt.
    """
    if not spans.size:
        return spans
    if spans.max() < 1 << VALUE_BITS and numbers.max() < 1 << (63 - VALUE_BITS):
        numbers <<= VALUE_BITS
        numbers |= spans
        numbers.sort()
        numbers &= (1 << VALUE_BITS) - 1
        return numbers
    return spans[np.lexsort((spans, numbers))]


def _at_rank(
    ordered: NDArray[np.int64], starts: NDArray[np.int64], counts: NDArray[np.int64], ranks: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the value at a rank of each group, not-a-number where the group has no such rank."""
    inside = (ranks >= 0) & (ranks < counts)
    values = np.full(counts.size, np.nan)
    values[inside] = ordered[(starts + ranks)[inside]]
    return values


def _linear(
    ordered: NDArray[np.int64], starts: NDArray[np.int64], counts: NDArray[np.int64], quantile: float
) -> NDArray[np.float64]:
    place = (counts - 1) * quantile
    below = np.floor(place).astype(np.int64)
    low = _at_rank(ordered, starts, counts, below)
    high = _at_rank(ordered, starts, counts, np.minimum(below + 1, counts - 1))
    between: NDArray[np.float64] = low + (high - low) * (place - below)
    return between

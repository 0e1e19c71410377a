"""Day by day: a share or a median duration, the level it stands at, and how far chance would carry it."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.explanation.units import judged
from autopilot_analysis.fleet.frames import answers_in_kind, polars_of
from autopilot_analysis.fleet.intervals import count_alike, design_effect, share_columns
from autopilot_analysis.fleet.periods import PERIODS, start_of
from autopilot_analysis.groups import Group
from autopilot_analysis.tables.outcomes import ENDED

SIGMAS = 3.0
"""The limits of a day lie so many standard errors from its level."""
SIGMAS_WORDS = {2.0: "two", 3.0: "three", 4.0: "four"}.get(SIGMAS, f"{SIGMAS:g}")
"""`SIGMAS` in words."""


@answers_in_kind
def measure_daily(
    deployments: pl.DataFrame,
    *,
    measure: str = "failed",
    period: str = "day",
    changes: pl.DataFrame | None = None,
    clean: bool = False,
) -> pl.DataFrame:
    """Return one row a day (week, month) with attempts: what was seen, and what chance allows.

    The level is that of all attempts between two changes, so that a day is judged by the time it belongs to.
    The limits are `SIGMAS` standard errors of as many attempts as the day has, attempts of one device on one
    day counted as alike; for durations they stand on the median absolute deviation of the stretch, and on its
    median.

    Args:
        deployments: One attempt a row.
        measure: failed, abandoned, succeeded, or a span column such as total.
        period: day, week or month.
        changes: Changes that were found, of `measure_changes` or an explanation; those of a group cut the
            level only where all attempts given are of that group.
        clean: Count a success that went on past a timeout or a failed stage as failed.

    Returns:
        `at` (start of the period), `n`, `k` (null for durations), `value` (share, or median minutes), `low`,
        `high` (Wilson for shares, else null), `level`, `floor`, `ceiling`, `outside` (beyond what chance
        allows).

    Raises:
        BadInput: No such measure or period.
    """
    if period not in PERIODS:
        raise BadInput.outside("period", period, PERIODS)
    frame = judged(deployments, measure, clean=clean).drop_nulls("day")
    device = ["device"] if "device" in frame.columns else []
    shown = frame.select(*device, at=start_of(pl.col("started_at"), period), value="value")
    rows = _staged(shown, _cuts(frame, polars_of(changes)))
    daily = rows.group_by("at", "stretch").agg(
        n=pl.len().cast(pl.Int64), k=pl.col("value").sum(), middle=pl.col("value").median()
    )
    daily = daily.sort("at", "stretch").unique("at", keep="first", maintain_order=True)
    return _with_limits(daily, rows, measure)


def _cuts(frame: pl.DataFrame, changes: pl.DataFrame | None) -> list[tuple[datetime, datetime | None]]:
    """Return start and end of the changes that concern every attempt of the frame."""
    if changes is None or changes.is_empty():
        return []
    cuts = changes.select("where", "at", "until").rows()
    return [
        (at, until)
        for where, at, until in cuts
        if frame.filter(Group.parse(where).filter()).height == frame.height
    ]


def _staged(frame: pl.DataFrame, cuts: list[tuple[datetime, datetime | None]]) -> pl.DataFrame:
    """Number the stretches between changes; a short-lived change is a stretch of its own."""
    stretch = pl.lit(0, dtype=pl.Int64)
    for place, (at, until) in enumerate(cuts):
        after = pl.col("at") >= at
        inside = after if until is None else after & (pl.col("at") < until)
        stretch = stretch + inside.cast(pl.Int64) * 2**place
    return frame.with_columns(stretch=stretch)


def _designs(rows: pl.DataFrame) -> pl.DataFrame:
    """Return for each day how many attempts tell as much as one, those of one device being alike.

    How alike they are is that of the whole stretch, between not at all and entirely.
    """
    keys = ["stretch", "at"]
    hit = pl.when(pl.col("value") > 0).then(pl.lit(value=True)).alias("hit")
    wholes, hits = count_alike(rows.with_columns(hit), keys, "hit")
    days = wholes.join(hits, on=keys, how="left").with_columns(pl.col("k", "k_n", "k_k").fill_null(0))
    sums = days.group_by("stretch").agg(pl.col("n", "units", "n_n", "k", "k_n", "k_k").sum())
    most = pl.col("n_n") / pl.col("n")
    alike = pl.when(most > 1).then((design_effect() - 1) / (most - 1)).otherwise(0.0).clip(0.0, 1.0)
    joined = days.join(sums.select("stretch", alike=alike), on="stretch")
    return joined.select(*keys, design=1 + pl.col("alike") * (most - 1))


def _with_limits(daily: pl.DataFrame, rows: pl.DataFrame, measure: str) -> pl.DataFrame:
    value = pl.col("value")
    if measure in ENDED:
        levels = rows.group_by("stretch").agg(level=value.mean())
        daily = daily.join(_designs(rows), on=["stretch", "at"], how="left", maintain_order="left")
        spread = (pl.col("level") * (1 - pl.col("level")) / pl.col("n") * pl.col("design")).sqrt()
        shown, count = pl.col("k") / pl.col("n"), pl.col("k").cast(pl.Int64)
        wilson = share_columns(design=pl.col("design"))[1:]
    else:
        deviation = (value - value.median()).abs().median()
        levels = rows.group_by("stretch").agg(level=value.median(), deviation=deviation)
        spread = 1.4826 * 1.2533 * pl.col("deviation") / pl.col("n").cast(pl.Float64).sqrt()
        shown, count = pl.col("middle"), pl.lit(None, dtype=pl.Int64)
        wilson = [pl.lit(None, dtype=pl.Float64).alias(name) for name in ("low", "high")]
    most = 1.0 if measure in ENDED else None
    placed = daily.join(levels, on="stretch", how="left", maintain_order="left").with_columns(
        value=shown,
        floor=(pl.col("level") - SIGMAS * spread).clip(lower_bound=0.0),
        ceiling=(pl.col("level") + SIGMAS * spread).clip(upper_bound=most),
    )
    placed = placed.with_columns(wilson).with_columns(
        k=count, outside=(value > pl.col("ceiling")) | (value < pl.col("floor"))
    )
    return placed.select("at", "n", "k", "value", "low", "high", "level", "floor", "ceiling", "outside")

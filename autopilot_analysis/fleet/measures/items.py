"""Which apps, scripts and policies cost most: failures, retries and minutes, by id and never by name."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, takes
from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.tables import schema_of
from autopilot_analysis.tables.completing import with_lacking
from autopilot_analysis.tables.outcomes import FAILED_TRIES

ENDED = ("succeeded", *FAILED_TRIES)
RETRIED, UNDETECTED = "retried", "undetected"
"""Columns of devices with more than one try, and of tries with exit code 0 whose app was not detected."""
CRITICAL_TIME, CRITICAL_DEVICES = "critical_time", "critical_devices"
"""Columns of how long an item set the end of a page, and on how many devices."""


@answers_in_kind
@takes("build_trace (its installs)", "item", "outcome")
def measure_items(
    installs: pl.DataFrame, *, by: str | Sequence[str] = (), critical: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return one row for each item, the one that failed on most devices first, then what never ended.

    An item is judged once a device: it failed there when no try succeeded and some try failed. Items that
    were only skipped, or never ended, belong to no share.

    Args:
        installs: One try a row.
        by: Further columns to group by.
        critical: Parts of critical paths of the same devices (`build_critical_path`), when they are known.

    Returns:
        The columns of `by`, `item`, `name` (the last seen), `kind`, `devices`, `n` (devices where it ended),
        `k` (devices where it failed), `share`, `low`, `high`, `tries`, `RETRIED` (devices with more than one
        try), `UNDETECTED` (tries that ended with exit code 0 and were not detected), `unfinished` (tries),
        `p50`, `p95`, `longest` (null of a single try: it has no spread), `time` (sum over tries),
        `downloaded_bytes`; with `critical` also `CRITICAL_TIME` (what set the end of a page; over the whole
        fleet, whatever `by` is) and `CRITICAL_DEVICES`.

    Raises:
        UnknownName: No such column.
    """
    frame = with_lacking(installs, schema_of("installs"))
    names = columns_of(frame, by)
    keys = [*names, "item"]
    silent = (pl.col("exit_code") == 0) & ((pl.col("outcome") == "not_detected") | ~pl.col("detected"))
    tries = frame.with_columns(
        silent.fill_null(value=False).alias("silent"),
        (pl.col("outcome") == "succeeded").alias("good"),
        pl.col("outcome").is_in(FAILED_TRIES).alias("bad"),
    )
    devices = tries.group_by(*keys, "device").agg(
        pl.col("good").any(), pl.col("bad").any(), pl.len().alias("tries")
    )
    good, bad = pl.col("good"), pl.col("bad")
    judged = devices.group_by(keys).agg(
        devices=pl.len().cast(pl.Int64),
        n=_count(good | bad),
        k=_count(bad & ~good),
        **{RETRIED: _count(pl.col("tries") > 1)},
    )
    waited = pl.col("waited")
    spans = {
        **{name: pl.when(waited.count() > 1).then(value) for name, value in _spread(waited).items()},
        "time": _known_sum("waited"),
    }
    times = tries.group_by(keys).agg(
        pl.col("name").drop_nulls().last(),
        pl.col("kind").drop_nulls().first(),
        _known_sum("downloaded_bytes"),
        tries=pl.len().cast(pl.Int64),
        unfinished=_count(~pl.col("outcome").is_in([*ENDED, "skipped"])),
        **{UNDETECTED: _count(pl.col("silent"))},
        **spans,
    )
    board = judged.join(times, on=keys, nulls_equal=True).with_columns(share_columns())
    ordered = board.sort("k", "unfinished", "time", "item", descending=[True, True, True, False]).select(
        *keys,
        "name",
        "kind",
        "devices",
        "n",
        "k",
        "share",
        "low",
        "high",
        "tries",
        RETRIED,
        UNDETECTED,
        "unfinished",
        "p50",
        "p95",
        "longest",
        "time",
        "downloaded_bytes",
    )
    return ordered if critical is None else _with_critical(ordered, critical)


def _spread(waited: pl.Expr) -> dict[str, pl.Expr]:
    return {
        "p50": waited.median(),
        "p95": waited.quantile(0.95, interpolation="linear"),
        "longest": waited.max(),
    }


def _count(condition: pl.Expr) -> pl.Expr:
    return condition.sum().cast(pl.Int64)


def _with_critical(board: pl.DataFrame, critical: pl.DataFrame) -> pl.DataFrame:
    """Add how long each item set the end of a page; no time where no path names it."""
    columns_of(critical, (), "item", "device", "waited")
    waits = (
        critical.drop_nulls("item")
        .group_by("item")
        .agg(
            pl.col("waited").sum().alias(CRITICAL_TIME),
            pl.col("device").n_unique().cast(pl.Int64).alias(CRITICAL_DEVICES),
        )
    )
    joined = board.join(waits, on="item", how="left", maintain_order="left")
    return joined.with_columns(
        pl.col(CRITICAL_TIME).fill_null(pl.duration()), pl.col(CRITICAL_DEVICES).fill_null(0)
    )


def _known_sum(name: str) -> pl.Expr:
    """Return the sum of what is known, null when nothing is."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum())

"""Which failures meet on one device."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, with_columns_of
from autopilot_analysis.fleet.intervals import false_discovery, share_columns
from autopilot_analysis.fleet.measures.rates import clean_outcome


@answers_in_kind
def measure_together(
    deployments: pl.DataFrame, *, by: str | Sequence[str] = ("failed_stage", "code"), clean: bool = False
) -> pl.DataFrame:
    """Return pairs of different failures seen on the same device, the surest pair first.

    Args:
        deployments: One attempt a row.
        by: What tells one failure from another.
        clean: Count a success that went on past a timeout or a failed stage as a failure.

    Returns:
        `first`, `second` (failures, their columns joined by a blank), `n` (devices), `n_first`, `n_second`
        (devices that saw each), `k` (devices that saw both), `share`, `low`, `high`, `expected` (if the two
        had nothing to do with each other), `lift`, `p` (hypergeometric upper tail), `q`.

    Raises:
        UnknownName: No such column.
    """
    from scipy.stats import hypergeom  # scipy stays out of start-up

    frame = with_columns_of(deployments, ("outcome", "flags", "failed_stage", "code"))
    failures = _failures(frame, by, clean=clean)
    each = failures.group_by("failure").agg(pl.len().cast(pl.Int64).alias("n_each"))
    both = failures.join(failures, on="device", suffix="_other").filter(
        pl.col("failure") < pl.col("failure_other")
    )
    met = both.group_by(first="failure", second="failure_other").agg(k=pl.len().cast(pl.Int64))
    pairs = (
        met.join(each.rename({"failure": "first", "n_each": "n_first"}), on="first")
        .join(each.rename({"failure": "second", "n_each": "n_second"}), on="second")
        .with_columns(n=pl.lit(frame["device"].n_unique(), dtype=pl.Int64))
    )
    counts = [pairs[name].to_numpy() for name in ("k", "n", "n_first", "n_second")]
    p = np.asarray(hypergeom.sf(counts[0] - 1, counts[1], counts[2], counts[3]), dtype=float)
    tested = each.height * (each.height - 1) // 2
    expected = pl.col("n_first") * pl.col("n_second") / pl.col("n")
    return (
        pairs.with_columns(
            pl.Series("p", p, dtype=pl.Float64), pl.Series("q", false_discovery(p, tested), dtype=pl.Float64)
        )
        .with_columns(*share_columns(), expected.alias("expected"), (pl.col("k") / expected).alias("lift"))
        .sort("p", "first", "second")
        .select(
            "first",
            "second",
            "n",
            "n_first",
            "n_second",
            "k",
            "share",
            "low",
            "high",
            "expected",
            "lift",
            "p",
            "q",
        )
    )


@answers_in_kind
def measure_combinations(
    deployments: pl.DataFrame, *, by: str | Sequence[str] = ("failed_stage", "code"), clean: bool = False
) -> pl.DataFrame:
    """Return each set of failures that devices met, the most frequent first; a device is in one set only.

    Args:
        deployments: One attempt a row.
        by: What tells one failure from another.
        clean: Count a success that went on past a timeout or a failed stage as a failure.

    Returns:
        `failures` (list, in order of the alphabet), `count` (failures in the set), `n` (devices that failed),
        `k` (devices with exactly this set), `share`, `low`, `high`.

    Raises:
        UnknownName: No such column.
    """
    frame = with_columns_of(deployments, ("outcome", "flags", "failed_stage", "code"))
    sets = _failures(frame, by, clean=clean).group_by("device").agg(failures=pl.col("failure").sort())
    counted = sets.group_by("failures").agg(k=pl.len().cast(pl.Int64))
    return (
        counted.with_columns(
            count=pl.col("failures").list.len().cast(pl.Int64), n=pl.lit(sets.height, dtype=pl.Int64)
        )
        .sort("k", "count", pl.col("failures").list.join(" "), descending=[True, False, False])
        .select("failures", "count", "n", "k", *share_columns())
    )


def _failures(frame: pl.DataFrame, by: str | Sequence[str], *, clean: bool) -> pl.DataFrame:
    """Return which failure was seen on which device, each once; a failure nobody described is left out."""
    names = columns_of(frame, by, "device")
    label = pl.concat_str([pl.col(name).cast(pl.String) for name in names], separator=" ", ignore_nulls=True)
    failures = frame.filter(clean_outcome(clean=clean) == "failed").select("device", label.alias("failure"))
    return failures.filter(pl.col("failure") != "").unique()

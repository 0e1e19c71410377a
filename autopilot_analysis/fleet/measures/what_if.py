"""What the fleet would have waited, had an app or a stage been faster or left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, with_columns_of
from autopilot_analysis.fleet.intervals import CONFIDENCE, MIDDLE
from autopilot_analysis.fleet.measures.durations import SPANS, finished_spans
from autopilot_analysis.tables import schema_of
from autopilot_analysis.tables.completing import with_lacking
from autopilot_analysis.tables.story import ON_THE_PAGE, STAGE_OF_PHASE
from autopilot_analysis.trace.what_if import SERIAL, shares_left

MOST_DRAWS = 40_000_000
"""Attempts drawn in all rounds together; very many attempts are drawn fewer times, at least a hundred."""

_SUCCEEDED = (
    "Only attempts that succeeded and were timed are counted: what a failed one would have done is unknown."
)
_UNSEEN = "An attempt without dated installs of the item is taken to save nothing."
_STAGES = "A changed stage keeps its order and holds nothing else up; time of no stage stays as it was."
_BANDS = (
    f"Bands are the middle {CONFIDENCE} of seeded draws of whole attempts, with repeats; "
    "they know of no other change."
)


@answers_in_kind
def measure_what_if(
    deployments: pl.DataFrame,
    installs: pl.DataFrame | None = None,
    *,
    without: Collection[str] = (),
    faster: Mapping[str, float] | None = None,
    by: str | Sequence[str] = (),
    quantiles: Sequence[float] = (0.5, 0.9, 0.95),
    rounds: int = 400,
    seed: int = 0,
) -> pl.DataFrame:
    """Return quantiles of the whole time as it was and as it would have been, with bootstrap bands.

    An item saves the time in which nothing but changed items ran, the same rule as the what-if of one device;
    without installs only stages can be changed.

    Args:
        deployments: One attempt a row.
        installs: One try a row, of the same attempts; captures alone tell of them.
        without: Stages, or ids or names of items, that are left out.
        faster: How many times faster a stage or an item is: 2.0 halves its time.
        by: Columns to group by.
        quantiles: Between 0 and 1.
        rounds: How often attempts are drawn anew.
        seed: The same seed gives the same bands.

    Returns:
        A row for each group and quantile: the columns of `by`, `quantile`, `n` (attempts), `touched` (those
        that a change shortens), `before`, `after`, `low`, `high` (band of `after`), `saved`, `saved_low`,
        `saved_high`, all durations, and `assumptions`, one sentence after another.

    Raises:
        UnknownName: No such column, stage or item.
        BadInput: A speed is not above zero.
    """
    frame = with_columns_of(deployments, ("deployment", "outcome", "started_at", "ended_at", *SPANS))
    names = columns_of(frame, by)
    left = _changed(installs, without, faster or {})
    stages = {name: share for name, share in left.items() if name in ON_THE_PAGE}
    items = {name: share for name, share in left.items() if name not in ON_THE_PAGE}
    timed = frame.filter(finished_spans(frame, "total") & (frame["outcome"] == "succeeded"))
    timed = _with_savings(timed, installs, items, stages)
    assumed = (_SUCCEEDED, *((SERIAL, _UNSEEN) if items else ()), *((_STAGES,) if stages else ()), _BANDS)
    groups = timed.partition_by(names, as_dict=True, maintain_order=True) if names else {(): timed}
    chance = np.random.default_rng(seed)
    rows = [
        dict(zip(names, key, strict=True)) | row
        for key, group in sorted(groups.items(), key=lambda each: tuple(map(str, each[0])))
        for row in _drawn(group, quantiles, rounds, chance)
    ]
    schema = {**{name: frame.schema[name] for name in names}, **_ROWS}
    spans = [name for name, kind in _ROWS.items() if kind == pl.Float64 and name != "quantile"]
    measured = pl.DataFrame(rows, schema=schema).with_columns(
        pl.col(spans).round().cast(pl.Int64).cast(pl.Duration("us"))
    )
    return measured.with_columns(pl.lit(" ".join(assumed)).alias("assumptions"))


_ROWS: dict[str, pl.DataType | type[pl.DataType]] = {
    "quantile": pl.Float64,
    "n": pl.Int64,
    "touched": pl.Int64,
    "before": pl.Float64,
    "after": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "saved": pl.Float64,
    "saved_low": pl.Float64,
    "saved_high": pl.Float64,
}


def _changed(
    installs: pl.DataFrame | None, without: Collection[str], faster: Mapping[str, float]
) -> dict[str, float]:
    """Return what is left of the time of each changed stage and item, the latter by id."""
    of_stages = pl.DataFrame({"item": ON_THE_PAGE})
    if installs is None:
        return shares_left(of_stages, without, faster, kind="stage or item")
    columns_of(installs, (), "item")
    whole = with_lacking(installs, {"name": pl.String()}).select("item", "name")
    known = pl.concat([whole, of_stages.with_columns(name=pl.lit(None, dtype=pl.String))])
    return shares_left(known, without, faster, kind="stage or item")


def _with_savings(
    timed: pl.DataFrame,
    installs: pl.DataFrame | None,
    items: Mapping[str, float],
    stages: Mapping[str, float],
) -> pl.DataFrame:
    """Return each attempt with `before` and `after` in microseconds; no stage is shortened below nothing."""
    micro = {name: pl.col(name).dt.total_microseconds().fill_null(0) for name in ON_THE_PAGE}
    saved = {f"{name}_saved": pl.lit(0.0) for name in ON_THE_PAGE}
    if items and installs is not None:
        timed = timed.join(_saved_by_items(timed, installs, items), on="deployment", how="left")
        saved = {name: pl.col(name).fill_null(0.0) for name in saved}
    parts = []
    for name, whole in micro.items():
        rest = pl.max_horizontal(whole - saved[f"{name}_saved"], pl.lit(0.0))
        parts.append(whole - rest * stages.get(name, 1.0))
    before = pl.col("total").dt.total_microseconds().cast(pl.Float64)
    return timed.with_columns(before=before, after=pl.max_horizontal(before - pl.sum_horizontal(parts), 0.0))


def _saved_by_items(timed: pl.DataFrame, installs: pl.DataFrame, items: Mapping[str, float]) -> pl.DataFrame:
    """Return what each attempt saves in each stage: time in which only changed items ran, less its rest."""
    tries = with_lacking(installs, schema_of("installs")).select(
        deployment=pl.format("{}/{}", "device", "attempt"),
        stage=pl.col("phase")
        .cast(pl.String)
        .replace_strict(STAGE_OF_PHASE, default=None, return_dtype=pl.String),
        since=pl.coalesce("download_started_at", "started_at"),
        until=pl.coalesce("ended_at", "download_ended_at"),
        left=pl.col("item").replace_strict(dict(items), default=1.0, return_dtype=pl.Float64),
    )
    inside = tries.join(timed.select("deployment", "started_at", "ended_at"), on="deployment").with_columns(
        since=pl.max_horizontal("since", "started_at"), until=pl.min_horizontal("until", "ended_at")
    )
    spans = inside.drop_nulls(["stage", "since", "until"]).filter(pl.col("since") < pl.col("until"))
    keys = ["deployment", "stage"]
    busy = _busy(spans).rename({"busy": "whole"})
    kept = busy.with_columns(kept=pl.lit(0.0), above=pl.lit(0.0))
    for share in sorted({1.0, *items.values()}, reverse=True):
        layer = _busy(spans.filter(pl.col("left") >= share))
        kept = kept.join(layer, on=keys, how="left").with_columns(pl.col("busy").fill_null(pl.col("above")))
        kept = kept.with_columns(
            kept=pl.col("kept") + share * (pl.col("busy") - pl.col("above")), above="busy"
        ).drop("busy")
    saved = kept.with_columns(saved=pl.col("whole") - pl.col("kept"))
    columns = [
        pl.col("saved").filter(pl.col("stage") == name).sum().alias(f"{name}_saved") for name in ON_THE_PAGE
    ]
    return saved.group_by("deployment").agg(columns)


def _busy(spans: pl.DataFrame) -> pl.DataFrame:
    """Return for each attempt and stage how long at least one of its spans was under way, in microseconds."""
    keys = ["deployment", "stage"]
    ordered = spans.sort(*keys, "since")
    reached = pl.col("until").cum_max().shift(1).over(keys)
    fresh = pl.col("until") - pl.max_horizontal("since", reached)
    length = pl.when(fresh > pl.duration()).then(fresh.dt.total_microseconds()).otherwise(0)
    return (
        ordered.with_columns(length=length).group_by(keys).agg(busy=pl.col("length").sum().cast(pl.Float64))
    )


def _drawn(
    group: pl.DataFrame, quantiles: Sequence[float], rounds: int, chance: np.random.Generator
) -> Iterable[dict[str, object]]:
    """Return the quantiles of a group, and where they lie when its attempts are drawn anew with repeats."""
    before, after = group["before"].to_numpy(), group["after"].to_numpy()
    if not before.size:
        return []
    rounds = max(100, min(rounds, MOST_DRAWS // before.size))
    was, would = np.quantile(before, quantiles), np.quantile(after, quantiles)
    drawn = np.empty((rounds, 2, len(quantiles)))
    for place in range(rounds):
        rows = chance.integers(0, before.size, before.size)
        drawn[place] = np.quantile(before[rows], quantiles), np.quantile(after[rows], quantiles)
    low, high = _middle(drawn[:, 1])
    saved_low, saved_high = _middle(drawn[:, 0] - drawn[:, 1])
    touched = int((after < before).sum())
    return [
        {
            "quantile": quantile,
            "n": before.size,
            "touched": touched,
            "before": was[place],
            "after": would[place],
            "low": low[place],
            "high": high[place],
            "saved": was[place] - would[place],
            "saved_low": saved_low[place],
            "saved_high": saved_high[place],
        }
        for place, quantile in enumerate(quantiles)
    ]


def _middle(drawn: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = np.quantile(drawn, MIDDLE, axis=0)
    return low, high

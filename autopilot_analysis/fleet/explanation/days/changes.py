"""Since when: days on which a rate or a duration moved and stayed, or moved for a few days only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from autopilot_analysis.fleet.explanation.days.dating import EPOCH, Dated, date_change
from autopilot_analysis.fleet.explanation.days.hours import Stretch, find_stretches, is_short
from autopilot_analysis.fleet.explanation.days.series import CHANGE_ALARM, Series, joined
from autopilot_analysis.fleet.explanation.days.windows import Window
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT
from autopilot_analysis.fleet.explanation.groups.levels import kinds_of
from autopilot_analysis.fleet.explanation.units import first_tries, judged
from autopilot_analysis.fleet.frames import answers_in_kind, columns_of
from autopilot_analysis.fleet.intervals import false_discovery, order_ranks, share_columns
from autopilot_analysis.groups import Group
from autopilot_analysis.tables.outcomes import ENDED

CANDIDATE_REACHES = timedelta(days=3)
"""An administrator's change this near to the day of a change is a candidate for its cause."""
LEAST_FACTOR = {True: 1.25, False: 1.1}
"""Levels of a share (True) or a duration that moved by less are no change."""

MOST_LEFT = 0.5
"""A worse share has ended when no more than this part of it is left."""

CHANGES: dict[str, pl.DataType | type[pl.DataType]] = {
    "at": pl.Datetime("us", "UTC"),
    "at_low": pl.Datetime("us", "UTC"),
    "at_high": pl.Datetime("us", "UTC"),
    "until": pl.Datetime("us", "UTC"),
    "complete": pl.Datetime("us", "UTC"),
    "measure": pl.String,
    "where": pl.String,
    "kind": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "n_before": pl.Int64,
    "n_after": pl.Int64,
    "before_low": pl.Float64,
    "before_high": pl.Float64,
    "after_low": pl.Float64,
    "after_high": pl.Float64,
    "p": pl.Float64,
    "q": pl.Float64,
}


@answers_in_kind
def measure_changes(
    deployments: pl.DataFrame,
    *,
    measure: str = "failed",
    by: str | Sequence[str] = (),
    candidates: pl.DataFrame | None = None,
    clean: bool = False,
) -> pl.DataFrame:
    """Return the days on which a failure share or a duration moved, surest first.

    The first attempts of journeys of each group are a series with a level, a weekly rhythm and a trend; a
    change is a step from a day on, or a spell (`SPELLS`), that these leave unexplained more clearly than
    chance would over all days (`CHANGE_ALARM`); frequent codes are looked at by themselves as well, and count
    where all failures moved with them. Days that vary more than independent attempts would, also several
    together, are allowed for. Durations are compared by rank, so a few very long ones move nothing. The day
    is the likeliest one. In a report of few days (`SHORT`) or few units (twice `SUPPORT`) shares are scanned
    hour by hour: `at` and `until` are then of the hours in which attempts began.

    Args:
        deployments: One attempt a row.
        measure: failed, abandoned, succeeded, or a span column such as total.
        by: Columns to group by; each group is a series of its own.
        candidates: What else happened, columns `at` and `what`: the nearest within `CANDIDATE_REACHES` is
            named.
        clean: Count a success that went on past a timeout or a failed stage as failed.

    Returns:
        `at` (start of the day or hour), `at_low`, `at_high` (the set of days), `until` (of a short one),
        `complete` (of a gradual one), `measure`, `where` (JSON object), `kind` (lasting, short, gradual;
        ended: it was worse from the beginning until then), `before`, `after` (share, or median minutes),
        `n_before`, `n_after`, the intervals of both levels
        `before_low`, `before_high`, `after_low`, `after_high` (null where a side is open), `p`, `q`,
        `candidate`.

    Raises:
        UnknownName: No such column.
        BadInput: No such measure.
    """
    frame = first_tries(judged(deployments, measure, clean=clean)).drop_nulls("day")
    names = columns_of(frame, by)
    groups = frame.partition_by(names, as_dict=True, maintain_order=True) if names else {(): frame}
    series = [
        (Group.of(dict(zip(names, map(str, key), strict=True))), rows)
        for key, rows in groups.items()
        if None not in key
    ]
    return with_candidates(changes_in(series, measure), candidates)


def changes_in(series: Sequence[tuple[Group, pl.DataFrame]], measure: str) -> pl.DataFrame:
    """Return the changes of several series, q over all of them.

    A report too short or too small for a series of days is scanned hour by hour.

    Args:
        series: What each series is the group of, and its judged units.
        measure: What was judged.
    """
    rows = []
    for where, frame in series:
        if stretches := find_stretches(frame, measure) if is_short(frame, measure) else []:
            rows += [_stretch_row(where, frame, measure, each, stretches) for each in stretches]
            continue
        if frame.height < 2 * SUPPORT:
            continue
        windows = _windows(frame, measure)
        for window in windows:
            day, until = _dated(frame, window, windows, measure)
            first = not any(each.lasting and each.first < window.first for each in windows)
            p = float(np.exp(window.log_p))
            rows.append(change_row(where, frame, measure, day, until, p=p, from_first=first))
    table = pl.DataFrame(rows, schema={name: kind for name, kind in CHANGES.items() if name != "q"})
    q = false_discovery(table["p"].to_numpy(), len(series)) if rows else np.empty(0)
    moved = pl.max_horizontal("before", "after") >= LEAST_FACTOR[measure in ENDED] * pl.min_horizontal(
        "before", "after"
    )
    return table.with_columns(pl.Series("q", q)).filter(moved, pl.col("q") < CHANGE_ALARM).sort("p")


def _windows(frame: pl.DataFrame, measure: str) -> list[Window]:
    """Return what moved among judged units, all ends together or one code of those that failed.

    Args:
        frame: The units.
        measure: What was judged.
    """
    series = Series.of(frame, measure)
    places = frame["day"].to_physical().to_numpy().astype(np.int64) - series.start
    codes = kinds_of(frame.with_columns(hit=pl.col("value")), places)[1:] if series.binary else []
    return joined(series, series.changes([series.of_code(places[code]) for code in codes]))


def _dated(
    frame: pl.DataFrame, window: Window, windows: Sequence[Window], measure: str
) -> tuple[Dated, date | None]:
    """Return the day of a change, looked for between the changes around it, and the end of a spell."""
    others = [each for each in windows if each is not window and each.lasting]
    first = max((each.first for each in others if each.first < window.first), default=None)
    last = min((each.first for each in others if each.first > window.first), default=None)
    end = window.end if window.end is not None else last
    day = pl.col("day").to_physical()
    within = pl.lit(value=True) if first is None else day >= first
    within = within if end is None else within & (day < end)
    for each in windows:
        if each is not window and each.end is not None:
            within &= ~day.is_between(each.first, each.end, closed="left")
    dated = date_change(frame.filter(within), measure)
    found = EPOCH + timedelta(days=window.first)
    if dated is None or (window.end is not None and dated.at != found):
        low, high = (dated.low, dated.high) if dated else (found, found)
        dated = Dated(found, min(low, found), max(high, found), None, 0.0)
    return dated, None if window.end is None else EPOCH + timedelta(days=window.end)


def change_row(
    where: Group,
    frame: pl.DataFrame,
    measure: str,
    dated: Dated,
    until: date | None,
    *,
    p: float,
    kind: str | None = None,
    from_first: bool = True,
) -> dict[str, Any]:
    """Return a change with the level before and after.

    Args:
        where: The group.
        frame: Its judged units.
        measure: What was judged.
        dated: The day.
        until: The day after a spell.
        p: How often chance shows one like it.
        kind: Instead of short, gradual, ended or lasting.
        from_first: Whether the level before it was there from the first day.
    """
    day = pl.col("day")
    inside = frame.filter(day >= dated.at, day < until if until else pl.lit(value=True))["value"]
    outside = frame.filter(day < dated.at)["value"]
    usual = "short" if until else "gradual" if dated.complete else "lasting"
    before, after = _level("before", outside, measure), _level("after", inside, measure)
    if usual == "lasting" and from_first and _ended(before["before"], after["after"], measure):
        usual = "ended"
    return {
        "at": _instant(dated.at),
        "at_low": _instant(dated.low),
        "at_high": _instant(dated.high),
        "until": _instant(until),
        "complete": _instant(dated.complete),
        "measure": measure,
        "where": where.to_json(),
        "kind": kind or usual,
        **before,
        **after,
        "p": p,
    }


def change_of_part(row: Mapping[str, Any], where: Group, frame: pl.DataFrame, measure: str) -> dict[str, Any]:
    """Return a change of all as that of a part of all, with the levels of the part in the same times.

    Args:
        row: A change of all.
        where: The part.
        frame: Its judged units.
        measure: What was judged.
    """
    start, until = pl.col("started_at"), row["until"]
    within = (start >= row["at"]) & (start < until if until is not None else pl.lit(value=True))
    before = _level("before", frame.filter(~within)["value"], measure)
    return {
        **row,
        "where": where.to_json(),
        **before,
        **_level("after", frame.filter(within)["value"], measure),
    }


def _ended(before: float | None, after: float | None, measure: str) -> bool:
    """Tell whether what was worse ended: the level fell, that of a share to `MOST_LEFT` or less."""
    if before is None or after is None or measure == "succeeded":
        return False
    return after <= before * (MOST_LEFT if measure in ENDED else 1.0)


def _stretch_row(
    where: Group, frame: pl.DataFrame, measure: str, stretch: Stretch, stretches: Sequence[Stretch]
) -> dict[str, Any]:
    """Return a stretch of hours or days with its level and that of all other times.

    One that was there from the first attempt is a change on which it ended.
    """
    within = pl.any_horizontal(each.holds() for each in stretches)
    inside, others = frame.filter(stretch.holds())["value"], frame.filter(~within)["value"]
    at, until = stretch.at, stretch.until
    if at is None:
        inside, others, at, until = others, inside, until, None
    before, after = _level("before", others, measure), _level("after", inside, measure)
    ended = until is None and _ended(before["before"], after["after"], measure)
    return {
        **dict.fromkeys(("at", "at_low", "at_high"), at),
        "until": until,
        "complete": None,
        "measure": measure,
        "where": where.to_json(),
        "kind": "short" if until else "ended" if ended else "lasting",
        **before,
        **after,
        "p": float(np.exp(stretch.log_p)),
    }


def _level(name: str, values: pl.Series, measure: str) -> dict[str, float | int | None]:
    """Return the share, or the median minutes, with its interval and of how many it is."""
    level = values.mean() if measure in ENDED else values.median()
    known = level if isinstance(level, float) else None
    low, high = (None, None) if known is None else _interval(values, measure)
    return {name: known, f"n_{name}": values.len(), f"{name}_low": low, f"{name}_high": high}


def _interval(values: pl.Series, measure: str) -> tuple[float | None, float | None]:
    """Return the interval of a share, or of a median by the ranks that enclose it; None on an open side."""
    if measure in ENDED:
        counted = pl.DataFrame({"k": [float(values.sum())], "n": [values.len()]})
        return counted.select(share_columns()).select("low", "high").row(0)
    ordered = values.sort().to_list()
    low, high = (int(ranks[0]) for ranks in order_ranks(np.array([len(ordered)]), 0.5))
    return ordered[low] if low >= 0 else None, ordered[high] if high < len(ordered) else None


def _instant(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def with_candidates(changes: pl.DataFrame, candidates: pl.DataFrame | None) -> pl.DataFrame:
    """Name beside each change what happened nearest to it, if anything near; near is not because.

    Args:
        changes: Answer of `measure_changes`.
        candidates: Columns `at` and `what`.
    """
    ordered = [*CHANGES, "candidate"]
    if candidates is None or not candidates.height or not changes.height:
        return changes.with_columns(pl.lit(None, dtype=pl.String).alias("candidate")).select(ordered)
    columns_of(candidates, (), "at", "what")
    known = candidates.select("at", pl.col("what").alias("candidate")).drop_nulls("at").sort("at")
    numbered = changes.with_row_index("row").sort("at")
    joined = numbered.join_asof(known, on="at", strategy="nearest", tolerance=CANDIDATE_REACHES).sort("row")
    return joined.select(ordered)

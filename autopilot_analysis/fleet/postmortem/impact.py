"""What an incident cost: attempts, devices, users, hours and days of waiting, each with its interval."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.units import SLOWEST_WORDS
from autopilot_analysis.fleet.intervals import CONFIDENCE, MIDDLE, order_ranks, ratio_interval, share_columns
from autopilot_analysis.fleet.measures.durations import alike
from autopilot_analysis.fleet.postmortem.case import Case

ROUNDS, SEED = 1000, 20
"""Bootstrap samples, and the seed that makes them the same each time."""

DEVICES_HIT, USERS_HIT = "devices hit", "users hit"
"""How the measures of who was hit begin."""
SUCCEEDED = f"{DEVICES_HIT} that succeeded"
"""How that of who of them came through begins."""
SPENT_FAILING, BEYOND_USUAL = "spent in attempts that failed", "beyond the usual"
"""How a sentence calls the time that was lost: of attempts that failed, and of slow ones."""
TIME_SPENT, TIME_BEYOND = f"time {SPENT_FAILING}", "time beyond the median of everyone else"
"""How the measures of that time begin."""
OTHERS_SHARE = "the share of everyone else"
HIT_BEYOND = f"attempts hit beyond {OTHERS_SHARE}"
TO_SUCCESS = "from the first failure to a success"
FIRST_TO_SUCCESS = f"time {TO_SUCCESS}"
"""How the measures of what came on top, and of the wait until it went well, begin."""
WILSON, BOOTSTRAP = f"Wilson {CONFIDENCE}", f"bootstrap over devices, {CONFIDENCE}"
HOUR = 3_600_000_000
IN_WORDS = "in_words"
"""The column of a measure as a sentence says it."""

IMPACT: dict[str, pl.DataType] = {
    "what": pl.String(),
    IN_WORDS: pl.String(),
    "k": pl.Int64(),
    "n": pl.Int64(),
    "value": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "unit": pl.String(),
    "interval": pl.String(),
}

Row = dict[str, Any]


def measure_impact(case: Case) -> pl.DataFrame:
    """Return what the incident cost, one measure a row.

    Args:
        case: The incident.

    Returns:
        `what`, `IN_WORDS`, `k` (how many were hit) of `n`, `value` with `low` and `high`, its `unit` (share,
        times, attempts, hours, minutes), and how the `interval` was made. What nobody can know is null.
    """
    during, before, rest, hits = case.during, case.before, case.rest, case.hits
    ended = "attempts that failed" if case.outcome == "failed" else f"attempts among the {SLOWEST_WORDS}"
    rows = [_share(f"{ended}, in the group", during["hit"])]
    if rest.height:
        rows.append(_share(f"{ended}, everyone else in the same time", rest["hit"]))
        rows += [_times(during, rest), _excess(during, rest)]
    if before.height:
        rows.append(_share(f"{ended}, the same group before", before["hit"]))
    rows += [_who(DEVICES_HIT, during, "device"), _who(USERS_HIT, during, "user"), _recovered(case)]
    rows += [_hours(case, hits), _waiting(case)]
    return pl.DataFrame([{**row, IN_WORDS: _in_words(row)} for row in rows], schema=IMPACT)


def _in_words(row: Row) -> str:
    """Return a measure as a sentence would say it, its interval in brackets, the unit said once."""
    if row["value"] is None:
        return wording.NOT_KNOWN
    if row["unit"] == "share":
        return wording.share(row["k"], row["n"], row["low"], row["high"])
    value, *ends = (
        _number(row[name], row["unit"]) for name in ("value", "low", "high") if row[name] is not None
    )
    unit = value.partition(" ")[2]
    if all(end.partition(" ")[2] == unit for end in ends):
        ends = [end.partition(" ")[0] for end in ends]
    interval = f" ({' to '.join(ends)})" if len(ends) == 2 else ""
    return f"{value}{interval}"


def _number(number: float, unit: str) -> str:
    if unit == "hours":
        return wording.span(timedelta(hours=number))
    return f"{wording.ratio(number)} times" if unit == "times" else f"{round(number) or 0:,} {unit}"


def _row(what: str, unit: str, interval: str = "", **numbers: float | None) -> Row:
    return {
        "what": what,
        "unit": unit,
        "interval": interval or None,
        **dict.fromkeys(("k", "n", "value", "low", "high")),
        **numbers,
    }


def _share(what: str, hit: pl.Series) -> Row:
    return _counted(what, int(hit.sum()), hit.len())


def _counted(what: str, k: int, n: int) -> Row:
    share, low, high = pl.DataFrame({"k": [k], "n": [n]}).select(share_columns()).row(0)
    return _row(what, "share", WILSON if n else "", k=k, n=n, value=share, low=low, high=high)


def _times(during: pl.DataFrame, rest: pl.DataFrame) -> Row:
    what = "times likelier than for everyone else"
    numbers = [
        np.array([float(x)]) for x in (during["hit"].sum(), during.height, rest["hit"].sum(), rest.height)
    ]
    if not during.height:
        return _row(what, "times")
    times, low, high = (float(x[0]) for x in ratio_interval(*numbers))
    return _row(
        what,
        "times",
        f"log of the ratio, {CONFIDENCE}",
        value=times,
        low=low,
        high=high,
    )


def _excess(during: pl.DataFrame, rest: pl.DataFrame) -> Row:
    """Return how many more were hit than at the share of everyone else (Newcombe's interval)."""
    what = HIT_BEYOND
    if not during.height:
        return _row(what, "attempts")
    counts = pl.DataFrame({"k": [during["hit"].sum(), rest["hit"].sum()], "n": [during.height, rest.height]})
    (p1, l1, u1), (p2, l2, u2) = counts.select(share_columns()).rows()
    down, up = np.hypot(p1 - l1, u2 - p2), np.hypot(u1 - p1, p2 - l2)
    more, n = p1 - p2, during.height
    return _row(
        what,
        "attempts",
        f"Newcombe {CONFIDENCE}",
        n=n,
        value=n * more,
        low=n * (more - down),
        high=n * (more + up),
    )


def _who(what: str, during: pl.DataFrame, column: str) -> Row:
    known = during.drop_nulls(column)
    if known.is_empty():
        return _row(f"{what} (no export names them)" if during.height else what, "share")
    unnamed = during.filter("hit")[column].null_count()
    more = f" ({unnamed} attempts hit name none)" if unnamed else ""
    return _counted(f"{what}{more}", known.filter("hit")[column].n_unique(), known[column].n_unique())


def _firsts(case: Case) -> pl.DataFrame:
    """Return each hit device's first hit and its first success after that, null when there was none."""
    first = case.hits.drop_nulls("started_at").group_by("device").agg(first_at=pl.col("started_at").min())
    good = case.judged.filter(pl.col("outcome") == "succeeded").select("device", "started_at", "ended_at")
    later = first.join(good, on="device").filter(pl.col("started_at") > pl.col("first_at"))
    through = later.group_by("device").agg(through_at=pl.col("ended_at").min())
    return first.join(through, on="device", how="left").sort("first_at", "device")


def _recovered(case: Case) -> Row:
    what = f"{SUCCEEDED} later"
    if case.outcome == "slow":
        return _counted(
            f"{SUCCEEDED} all the same",
            case.hits.filter(pl.col("outcome") == "succeeded")["device"].n_unique(),
            case.hits["device"].n_unique(),
        )
    firsts = _firsts(case)
    return _counted(what, firsts["through_at"].count(), firsts.height)


def span_of() -> pl.Expr:
    """Return how long an attempt took, or was watched when it did not end; null when nothing tells."""
    watched = [pl.col(name) - pl.col("started_at") for name in ("ended_at", "observed_until")]
    span = pl.coalesce("total", *watched)
    return pl.when(span >= pl.duration()).then(span)


def _hours(case: Case, hits: pl.DataFrame) -> Row:
    if case.outcome == "slow":
        return _extra_hours(case)
    spans = hits.with_columns(span=span_of())
    known = spans.drop_nulls("span")
    missing = spans.height - known.height
    more = f" ({missing} without a duration, not counted)" if missing else ""
    return _summed(f"{TIME_SPENT}{more}", known, pl.col("span"))


def _extra_hours(case: Case) -> Row:
    """Return the hours beyond the median of everyone else's attempts that ended alike."""
    both = pl.concat([case.during, case.rest]).with_columns(alike(case.judged))
    usual = both.filter(~pl.col("inside")).group_by("class").agg(usual=pl.col("total").median())
    more = both.filter("inside").join(usual, on="class").with_columns(span=pl.col("total") - pl.col("usual"))
    return _summed(TIME_BEYOND, more, pl.col("span"))


def _summed(what: str, rows: pl.DataFrame, span: pl.Expr) -> Row:
    """Return a sum of spans in hours, with the interval of resampled devices."""
    each = (
        rows.group_by("device")
        .agg(hours=span.dt.total_microseconds().sum() / HOUR)
        .sort("device")["hours"]
        .to_numpy()
    )
    if not each.size:
        return _row(what, "hours", n=rows.height)
    random = np.random.default_rng(SEED)
    sums = np.array([each[random.integers(0, each.size, each.size)].sum() for _ in range(ROUNDS)])
    low, high = np.quantile(sums, MIDDLE)
    known = each.size > 1
    return _row(
        what,
        "hours",
        BOOTSTRAP if known else "",
        n=rows.height,
        value=float(each.sum()),
        low=float(low) if known else None,
        high=float(high) if known else None,
    )


def _waiting(case: Case) -> Row:
    """Return the median wait: until success for what failed, for the whole attempt when it was slow."""
    if case.outcome == "slow":
        spans, what, n = (
            case.during["total"],
            "minutes an attempt of the group took, median",
            case.during.height,
        )
        values = np.sort(spans.drop_nulls().dt.total_microseconds().to_numpy() / 60e6)
        return _median(what, "minutes", values, n)
    firsts = _firsts(case)
    waits = (firsts["through_at"] - firsts["first_at"]).drop_nulls()
    values = np.sort(waits.dt.total_microseconds().to_numpy() / HOUR)
    return _median(
        f"{FIRST_TO_SUCCESS}, median of the devices that got there",
        "hours",
        values,
        firsts.height,
    )


def _median(what: str, unit: str, values: NDArray[np.float64], n: int) -> Row:
    if not values.size:
        return _row(what, unit, k=0, n=n)
    low, high = (int(ranks[0]) for ranks in order_ranks(np.array([values.size]), 0.5))
    return _row(
        what,
        unit,
        f"order statistics, {CONFIDENCE}",
        k=values.size,
        n=n,
        value=float(np.median(values)),
        low=float(values[low]) if low >= 0 else None,
        high=float(values[high]) if high < values.size else None,
    )

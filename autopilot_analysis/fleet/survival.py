"""How long until it ends, with the unfinished censored: Kaplan-Meier, competing outcomes, log-rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.door import answers_in_kind, columns_of, group_numbers, with_columns_of
from autopilot_analysis.fleet.durations import SPANS, finished_spans
from autopilot_analysis.fleet.intervals import Z95

EVENTS = {
    "succeeded": ("succeeded",),
    "failed": ("failed",),
    "abandoned": ("abandoned",),
    "ended": ("succeeded", "failed"),
}
COMPETING = ("succeeded", "failed", "abandoned")


@dataclass(frozen=True)
class _Steps:
    """Times at which something happened, groups below each other, each with its counts."""

    group: NDArray[np.int64]
    at: NDArray[np.int64]
    starts: NDArray[np.int64]
    at_risk: NDArray[np.int64]
    ended: NDArray[np.int64]
    left: NDArray[np.int64]

    def over(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return running sums that begin anew in each group."""
        sums: NDArray[np.float64] = np.cumsum(values)
        if self.starts.size <= 1:
            return sums
        before = np.concatenate([[0.0], sums])[self.starts]
        running: NDArray[np.float64] = sums - np.repeat(before, np.diff(np.append(self.starts, values.size)))
        return running


@answers_in_kind
def measure_survival(
    deployments: pl.DataFrame,
    *,
    by: str | Sequence[str] = (),
    event: str = "succeeded",
    stage: str = "total",
    horizon: timedelta | None = None,
) -> pl.DataFrame:
    """Return the Kaplan-Meier curve: the share not yet there, with log-log 95 % bands.

    Attempts that ended otherwise, or were still running when last seen, are censored at that time: they
    count as at risk until then. An attempt whose time nobody told is in no curve. Times are rounded to
    milliseconds.

    Args:
        deployments: One attempt a row.
        by: Columns to group by.
        event: What is waited for: succeeded, failed, abandoned or ended.
        stage: Span column that tells the time.
        horizon: Where the curve and the restricted mean end; the last time seen when left out.

    Returns:
        A row for each group and time: `at` (a duration), `at_risk`, `events`, `censored`, `survival`, `low`,
        `high`, and for the group as a whole `restricted_mean` (area under the curve up to the horizon).

    Raises:
        UnknownName: No such column.
        BadInput: No such event.
    """
    if event not in EVENTS:
        raise BadInput(f"event is {event!r}; it must be one of {', '.join(EVENTS)}")
    names, groups, numbers, times, outcomes = _timed(deployments, by, stage, horizon)
    steps = _steps(numbers, times, np.isin(outcomes, [COMPETING.index(name) + 1 for name in EVENTS[event]]))
    survival, error = _kaplan_meier(steps)
    low, high = _log_log(survival, error)
    curve = pl.DataFrame(
        {
            "group": steps.group,
            "at": pl.Series(steps.at).cast(pl.Duration("ms")).cast(pl.Duration("us")),
            "at_risk": steps.at_risk,
            "events": steps.ended,
            "censored": steps.left,
            "survival": survival,
            "low": pl.Series(low).fill_nan(None),
            "high": pl.Series(high).fill_nan(None),
            "restricted_mean": _restricted_mean(steps, survival, horizon),
        }
    )
    joined = groups.join(curve, on="group", how="right", maintain_order="right")
    return joined.select(*names, *(column for column in curve.columns if column != "group"))


@answers_in_kind
def measure_incidence(
    deployments: pl.DataFrame,
    *,
    by: str | Sequence[str] = (),
    stage: str = "total",
    horizon: timedelta | None = None,
) -> pl.DataFrame:
    """Return, for each outcome, the share of attempts that has met it by a time (Aalen-Johansen).

    Unlike one minus Kaplan-Meier this counts an attempt that failed as one that cannot succeed any more.
    Bands are log-log on the variance of Marubini and Valsecchi.

    Args:
        deployments: One attempt a row.
        by: Columns to group by.
        stage: Span column that tells the time.
        horizon: Where the curves end.

    Returns:
        A row for each group, `outcome` (succeeded, failed, abandoned) and time: `at`, `at_risk`, `events`,
        `incidence`, `low`, `high`.

    Raises:
        UnknownName: No such column.
    """
    names, groups, numbers, times, outcomes = _timed(deployments, by, stage, horizon)
    every = _steps(numbers, times, outcomes > 0)
    survival, _ = _kaplan_meier(every)
    before = _shifted(survival, every.starts)
    curves = []
    for number, outcome in enumerate(COMPETING, start=1):
        events = _steps(numbers, times, outcomes > 0, counted=outcomes == number).ended
        incidence, low, high = _aalen_johansen(every, before, events)
        curves.append(
            pl.DataFrame(
                {
                    "group": every.group,
                    "outcome": np.repeat(outcome, every.group.size),
                    "at": pl.Series(every.at, dtype=pl.Int64).cast(pl.Duration("ms")).cast(pl.Duration("us")),
                    "at_risk": every.at_risk,
                    "events": events,
                    "incidence": incidence,
                    "low": pl.Series(low).fill_nan(None),
                    "high": pl.Series(high).fill_nan(None),
                }
            ).filter(pl.lit(bool(events.any())))
        )
    joined = groups.join(pl.concat(curves), on="group", how="right", maintain_order="right")
    return joined.select(*names, pl.exclude("group", *names)).sort(
        [*names, "outcome", "at"], maintain_order=True
    )


@answers_in_kind
def compare_survival(
    deployments: pl.DataFrame, *, by: str | Sequence[str], event: str = "succeeded", stage: str = "total"
) -> pl.DataFrame:
    """Return the log-rank test between groups: whether their curves differ by more than chance.

    Args:
        deployments: One attempt a row.
        by: Columns whose groups are compared.
        event: What is waited for.
        stage: Span column that tells the time.

    Returns:
        A row for each group: the columns of `by`, `n`, `events`, `expected` (if all groups were alike), and
        the same in every row `chi2`, `degrees`, `p`.

    Raises:
        UnknownName: No such column.
        BadInput: No such event.
    """
    from scipy.stats import chi2  # noqa: PLC0415 - scipy stays out of start-up

    if event not in EVENTS:
        raise BadInput(f"event is {event!r}; it must be one of {', '.join(EVENTS)}")
    names, groups, numbers, times, outcomes = _timed(deployments, by, stage, None)
    happened = np.isin(outcomes, [COMPETING.index(name) + 1 for name in EVENTS[event]])
    observed, expected, spread = _log_rank(numbers, times, happened, groups.height)
    used = expected > 0
    used[np.flatnonzero(used)[-1:]] = False
    difference = (observed - expected)[used]
    degrees = int(used.sum())
    statistic = (
        float(difference @ np.linalg.pinv(spread[np.ix_(used, used)]) @ difference) if degrees else 0.0
    )
    compared = groups.with_columns(
        pl.Series("n", np.bincount(numbers, minlength=groups.height)),
        pl.Series("events", observed.astype(np.int64)),
        pl.Series("expected", expected),
        pl.lit(statistic).alias("chi2"),
        pl.lit(degrees, dtype=pl.Int64).alias("degrees"),
        pl.lit(float(chi2.sf(statistic, degrees)) if degrees else None, dtype=pl.Float64).alias("p"),
    )
    return compared.select(*names, pl.exclude("group", *names))


def _timed(
    deployments: pl.DataFrame, by: str | Sequence[str], stage: str, horizon: timedelta | None
) -> tuple[list[str], pl.DataFrame, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return group, time in milliseconds and outcome (0 is censored) of every attempt whose time is known."""
    frame = with_columns_of(
        deployments, ("outcome", "failed_stage", "started_at", "ended_at", "observed_until", *SPANS)
    )
    names = columns_of(frame, by, stage)
    watched = pl.coalesce("ended_at", "observed_until") - pl.col("started_at")
    span = pl.coalesce(stage, watched) if stage == "total" else pl.col(stage)
    order = {name: number for number, name in enumerate(COMPETING, start=1)}
    outcome = pl.sum_horizontal((pl.col("outcome") == name) * number for name, number in order.items())
    if stage != "total":
        failed_here = (pl.col("failed_stage").cast(pl.String) == stage).fill_null(value=False)
        ended = pl.when(failed_here).then(order["failed"]).otherwise(order["succeeded"])
        outcome = pl.when(finished_spans(frame, stage)).then(ended).otherwise(0)
    known = [pl.col(name) for name in names if name not in ("time", "number")]
    timed = frame.select(
        *known, time=span.dt.total_milliseconds(), number=outcome.fill_null(0).cast(pl.Int64)
    )
    if horizon is not None:
        limit = int(horizon.total_seconds() * 1000)
        beyond = pl.col("time") > limit
        timed = timed.with_columns(
            number=pl.when(beyond).then(0).otherwise("number"), time=pl.col("time").clip(upper_bound=limit)
        )
    known_time = (timed["time"] >= 0).fill_null(value=False)
    if not known_time.all():
        timed = timed.filter(known_time)
    groups, numbers = group_numbers(timed, names)
    return names, groups, numbers.to_numpy(), timed["time"].to_numpy(), timed["number"].to_numpy()


def _steps(
    numbers: NDArray[np.int64],
    times: NDArray[np.int64],
    happened: NDArray[np.bool_],
    counted: NDArray[np.bool_] | None = None,
) -> _Steps:
    """Count events and censorings at each distinct time of each group, with one integer sort.

    Group, time and event make one number, of 32 bits where they fit: it is sorted in half the time.
    """
    marked = happened if counted is None else counted
    length = int(times.max(initial=0)) + 1
    largest = (int(numbers.max(initial=0)) + 1) * length * 2
    if largest >= 1 << 63:
        known, places = np.unique(times, return_inverse=True)
        steps = _steps(numbers, places, happened, counted)
        return replace(steps, at=known[steps.at])
    keys = (numbers * length + times) * 2 + marked
    keys = keys.astype(np.int32) if largest < 1 << 31 else keys
    keys.sort()
    places = keys >> 1
    first = np.flatnonzero(np.diff(places, prepend=-1))
    bounds = np.append(first, keys.size)
    counts = np.concatenate([[0], np.cumsum(keys & 1, dtype=np.int64)])
    events = np.diff(counts[bounds])
    total = np.diff(bounds)
    group, at = np.divmod(places[first].astype(np.int64), length)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    sizes = np.diff(np.append(starts, group.size))
    at_risk = np.repeat(np.append(first[starts], keys.size)[1:], sizes) - first
    return _Steps(group, at, starts, at_risk, events, total - events)


def _kaplan_meier(steps: _Steps) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return survival and Greenwood's root; sums of logarithms, so that groups can share them."""
    risk, ended = steps.at_risk.astype(float), steps.ended.astype(float)
    staying = risk - ended
    last = staying == 0
    if last.any():
        staying[last], ended[last] = risk[last], 0.0
    survival = np.exp(steps.over(np.log1p(-ended / risk)))
    error = np.sqrt(steps.over(ended / (risk * staying)))
    if last.any():
        gone = steps.over(last.astype(float)) > 0
        survival[gone], error[gone] = 0.0, np.nan
    return survival, error


def _log_log(
    share: NDArray[np.float64], error: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return bands of a share on the scale log(-log), where they stay between 0 and 1."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        width = Z95 * error / np.log(share)
        low, high = share ** np.exp(-width), share ** np.exp(width)
    flat = share >= 1
    return np.where(flat, 1.0, np.minimum(low, high)), np.where(flat, 1.0, np.maximum(low, high))


def _shifted(values: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    before = np.concatenate([[1.0], values[:-1]])[: values.size]
    before[starts] = 1.0
    return before


def _restricted_mean(steps: _Steps, survival: NDArray[np.float64], horizon: timedelta | None) -> pl.Series:
    """Return the area under each group's curve, repeated over its rows."""
    previous = np.concatenate([[0], steps.at[:-1]])[: steps.at.size]
    previous[steps.starts] = 0
    area = steps.over(_shifted(survival, steps.starts) * (steps.at - previous))
    sizes = np.diff(np.append(steps.starts, steps.at.size))
    ends = np.append(steps.starts, steps.at.size)[1:] - 1
    whole = area[ends]
    if horizon is not None:
        whole = whole + survival[ends] * np.maximum(horizon.total_seconds() * 1000 - steps.at[ends], 0)
    micro = pl.Series("restricted_mean", np.repeat(whole, sizes) * 1000)
    return micro.round().cast(pl.Int64).cast(pl.Duration("us"))


def _aalen_johansen(
    steps: _Steps, before: NDArray[np.float64], events: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    risk, ended, own = steps.at_risk.astype(float), steps.ended.astype(float), events.astype(float)
    incidence = steps.over(before * own / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(risk > ended, ended / (risk * (risk - ended)), 0.0)
    mixed = before * own / risk**2
    variance = (
        incidence**2 * steps.over(hazard)
        - 2 * incidence * steps.over(hazard * incidence)
        + steps.over(hazard * incidence**2)
        + steps.over(before**2 * own * (risk - own) / risk**3)
        - 2 * (incidence * steps.over(mixed) - steps.over(mixed * incidence))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = _log_log(incidence, np.sqrt(np.maximum(variance, 0)) / incidence)
    return incidence, np.where(incidence > 0, low, 0.0), np.where(incidence > 0, high, 0.0)


def _log_rank(
    numbers: NDArray[np.int64], times: NDArray[np.int64], happened: NDArray[np.bool_], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return observed and expected events of each group, and the covariance of their differences."""
    moments, place = np.unique(times, return_inverse=True)
    shape = (count, moments.size)
    cells = numbers * moments.size + place
    left = np.bincount(cells, minlength=count * moments.size).reshape(shape)
    events = np.bincount(cells[happened], minlength=count * moments.size).reshape(shape)
    at_risk = left[:, ::-1].cumsum(axis=1)[:, ::-1].astype(float)
    whole, ended = at_risk.sum(axis=0), events.sum(axis=0).astype(float)
    share = at_risk / np.maximum(whole, 1)
    weight = ended * (whole - ended) / np.maximum(whole - 1, 1) * (whole > 1)
    spread = np.diag(share @ weight) - (share * weight) @ share.T
    return events.sum(axis=1).astype(float), share @ ended, spread

"""How long until it ends, with the unfinished censored: Kaplan-Meier, competing outcomes, log-rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, group_numbers, with_columns_of
from autopilot_analysis.fleet.intervals import Z95
from autopilot_analysis.fleet.measures.durations import SPANS, finished_spans

EVENTS = {
    "succeeded": ("succeeded",),
    "failed": ("failed",),
    "abandoned": ("abandoned",),
    "ended": ("succeeded", "failed"),
}
COMPETING = ("succeeded", "failed", "abandoned")


Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class _Steps:
    """Times at which something happened, groups below each other, each with its counts.

    `starts` is the first step of each group, `sizes` how many it has; no group is without.
    """

    groups: Whole
    starts: Whole
    sizes: Whole
    at: Whole
    at_risk: Whole
    met: Whole
    left: Whole

    def add_up(self, values: Floats) -> Floats:
        """Make running sums of values, in their place; they begin anew in each group."""
        np.cumsum(values, out=values)
        if self.starts.size > 1:
            values[self.starts[1] :] -= np.repeat(values[self.starts[1:] - 1], self.sizes[1:])
        return values


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
    names, groups, numbers, timed = _timed(deployments, by, stage, horizon)
    steps = _steps(groups.height, numbers, timed["time"].to_numpy(), _met(timed, *EVENTS[event]))
    log_survival, error = _kaplan_meier(steps)
    low, high = _log_log(log_survival, error)
    survival = np.exp(log_survival, out=log_survival)
    curve = _counted(steps, steps.met).with_columns(
        censored=pl.Series(steps.left),
        survival=pl.Series(survival),
        low=pl.Series(low, nan_to_null=True),
        high=pl.Series(high, nan_to_null=True),
    )
    about = groups[steps.groups].with_columns(restricted_mean=_restricted_mean(steps, survival, horizon))
    return _with_groups(curve, steps, about).select(*names, *curve.columns, "restricted_mean")


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
    names, groups, numbers, timed = _timed(deployments, by, stage, horizon)
    times = timed["time"].to_numpy()
    every = _steps(groups.height, numbers, times, _met(timed, *COMPETING))
    before = _shifted(np.exp(_kaplan_meier(every)[0]), every.starts)
    curves = []
    for outcome in COMPETING:
        met = _steps(groups.height, numbers, times, _met(timed, outcome)).met
        incidence, low, high = _aalen_johansen(every, before, met)
        curve = _counted(every, met).with_columns(
            incidence=pl.Series(incidence),
            low=pl.Series(low, nan_to_null=True),
            high=pl.Series(high, nan_to_null=True),
        )
        named = _with_groups(curve, every, groups[every.groups]).with_columns(outcome=pl.lit(outcome))
        curves.append(named.select(*names, "outcome", *curve.columns).filter(pl.lit(bool(met.any()))))
    return pl.concat(curves).sort([*names, "outcome", "at"], maintain_order=True)


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
    from scipy.stats import chi2  # scipy stays out of start-up

    if event not in EVENTS:
        raise BadInput(f"event is {event!r}; it must be one of {', '.join(EVENTS)}")
    names, groups, numbers, timed = _timed(deployments, by, stage, None)
    happened = _met(timed, *EVENTS[event])
    observed, expected, spread = _log_rank(numbers, timed["time"].to_numpy(), happened, groups.height)
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
) -> tuple[list[str], pl.DataFrame, Whole, pl.DataFrame]:
    """Return the groups, the number of each attempt's group, and its `time` in milliseconds and `outcome`.

    Attempts whose time nobody told are left out; an outcome of null is censored.
    """
    frame = with_columns_of(deployments, ("outcome", *(name for name in SPANS if name == stage)))
    names = columns_of(frame, by, stage)
    span, outcome = pl.col(stage), pl.col("outcome")
    if stage != "total":
        frame = with_columns_of(frame, ("failed_stage",))
        failed_here = (pl.col("failed_stage").cast(pl.String) == stage).fill_null(value=False)
        ended = pl.when(failed_here).then(pl.lit("failed")).otherwise(pl.lit("succeeded"))
        outcome = pl.when(finished_spans(frame, stage)).then(ended)
    elif frame["total"].has_nulls():
        frame = with_columns_of(frame, ("started_at", "ended_at", "observed_until"))
        span = pl.coalesce("total", pl.coalesce("ended_at", "observed_until") - pl.col("started_at"))
    time = span.dt.total_milliseconds()
    if horizon is not None:
        limit = int(horizon.total_seconds() * 1000)
        outcome = pl.when(time <= limit).then(outcome)
        time = time.clip(upper_bound=limit)
    timed = frame.select(time=time, outcome=outcome)
    if timed["time"].has_nulls() or (timed["time"] < 0).any():
        known = (timed["time"] >= 0).fill_null(value=False)
        timed, frame = timed.filter(known), frame.filter(known)
    groups, numbers = group_numbers(frame, names)
    return names, groups, numbers, timed


def _met(timed: pl.DataFrame, *outcomes: str) -> NDArray[np.bool_]:
    """Tell which attempts met one of these outcomes."""
    met = pl.any_horizontal(pl.col("outcome") == name for name in outcomes)
    return timed.select(met=met.fill_null(value=False))["met"].to_numpy()


def _steps(count: int, numbers: Whole, times: Whole, happened: NDArray[np.bool_]) -> _Steps:
    """Count events and censorings at each distinct time of each of so many groups, with one integer sort.

    Group, time and event make one number, of 32 bits where they fit: it is sorted in half the time.
    """
    length = int(times.max(initial=0)) + 1
    largest = count * length * 2
    if largest >= 1 << 63:
        known, places = np.unique(times, return_inverse=True)
        steps = _steps(count, numbers, places, happened)
        return replace(steps, at=known[steps.at])
    word = np.int32 if largest < 1 << 31 else np.int64
    keys: Whole = times.astype(word)
    if count > 1:
        keys += (numbers * length).astype(word)
    keys <<= 1
    keys |= happened
    keys.sort()
    met_until = keys & 1
    np.cumsum(met_until, out=met_until)
    keys >>= 1
    last = np.flatnonzero(np.append(keys[1:] != keys[:-1], keys.size > 0))
    at, at_risk, met, left = np.empty((4, last.size), dtype=np.int64)
    at[:] = keys[last]
    edges = np.searchsorted(at, np.arange(count + 1) * length)
    groups = np.flatnonzero(np.diff(edges))
    starts, sizes = edges[groups], np.diff(edges)[groups]
    at -= _of_each(groups * length, sizes)
    _gaps(last, into=left, before=-1)
    np.subtract(left, last, out=at_risk)
    at_risk += _of_each(last[starts + sizes - 1], sizes)
    _gaps(met_until[last], into=met)
    left -= met
    return _Steps(groups, starts, sizes, at, at_risk, met, left)


def _of_each(known: Whole, sizes: Whole) -> Whole:
    """Return what is known of each group for each of its steps; of one group, as it is."""
    return np.repeat(known, sizes) if sizes.size > 1 else known


def _gaps(values: NDArray[Any], *, into: NDArray[Any], before: int = 0) -> None:
    """Put by how much each value is above the one before it into an array."""
    into[:1] = values[:1] - before
    np.subtract(values[1:], values[:-1], out=into[1:])


def _kaplan_meier(steps: _Steps) -> tuple[Floats, Floats]:
    """Return the logarithm of survival and Greenwood's root; sums, so that groups can share them.

    Where all that were at risk met it, nobody is left: that is the last step of its group.
    """
    log_survival, error = np.empty((2, steps.at.size))
    hazard = np.divide(steps.met, steps.at_risk, out=log_survival)
    staying = np.subtract(steps.at_risk, steps.met, out=error)
    gone = np.flatnonzero(staying == 0)
    hazard[gone], staying[gone] = 0.0, 1.0
    np.divide(hazard, staying, out=error)
    np.sqrt(steps.add_up(error), out=error)
    np.negative(hazard, out=hazard)
    steps.add_up(np.log1p(hazard, out=log_survival))
    log_survival[gone], error[gone] = -np.inf, np.nan
    return log_survival, error


def _log_log(log_share: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Return bands of a share, given as its logarithm, on the scale log(-log): they stay between 0 and 1.

    The error is used up: its place holds the upper band.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        wider = np.divide(error, log_share, out=error)
        wider *= -Z95
        np.exp(wider, out=wider)
        low = log_share * wider
        high = np.divide(log_share, wider, out=wider)
        np.exp(low, out=low)
        np.exp(high, out=high)
    flat = log_share >= 0
    low[flat] = high[flat] = 1.0
    return low, high


def _counted(steps: _Steps, met: Whole) -> pl.DataFrame:
    """Return when the steps were, how many were at risk, and how many met it."""
    at = pl.Series(steps.at).cast(pl.Duration("ms")).cast(pl.Duration("us"))
    return pl.DataFrame({"at": at, "at_risk": steps.at_risk, "events": met})


def _with_groups(curve: pl.DataFrame, steps: _Steps, about: pl.DataFrame) -> pl.DataFrame:
    """Return a curve with what is known of each group repeated for each of its steps."""
    rows = np.repeat(np.arange(about.height, dtype=np.uint32), steps.sizes)
    return pl.concat([about[rows], curve], how="horizontal")


def _shifted(values: Floats, starts: Whole) -> Floats:
    """Return for each step the value of the step before it, 1 before the first of a group."""
    before = np.empty_like(values)
    before[1:] = values[:-1]
    before[starts] = 1.0
    return before


def _restricted_mean(steps: _Steps, survival: Floats, horizon: timedelta | None) -> pl.Series:
    """Return the area under each group's curve."""
    area = np.empty(steps.at.size)
    _gaps(steps.at, into=area)
    area[1:] *= survival[:-1]
    area[steps.starts] = steps.at[steps.starts]
    whole = np.add.reduceat(area, steps.starts) if area.size else area
    if horizon is not None:
        ends = steps.starts + steps.sizes - 1
        whole = whole + survival[ends] * np.maximum(horizon.total_seconds() * 1000 - steps.at[ends], 0)
    return pl.Series(np.rint(whole * 1000)).cast(pl.Int64).cast(pl.Duration("us"))


def _aalen_johansen(steps: _Steps, before: Floats, met: Whole) -> tuple[Floats, Floats, Floats]:
    risk, own = steps.at_risk.astype(float), met.astype(float)
    ended = steps.met
    over = steps.add_up
    incidence = over(before * own / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(risk > ended, ended / (risk * (risk - ended)), 0.0)
    mixed = before * own / risk**2
    variance = (
        incidence**2 * over(hazard.copy())
        - 2 * incidence * over(hazard * incidence)
        + over(hazard * incidence**2)
        + over(before**2 * own * (risk - own) / risk**3)
        - 2 * (incidence * over(mixed.copy()) - over(mixed * incidence))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.maximum(variance, 0)) / incidence
        low, high = _log_log(np.log(incidence), error)
    return incidence, np.where(incidence > 0, low, 0.0), np.where(incidence > 0, high, 0.0)


def _log_rank(
    numbers: Whole, times: Whole, happened: NDArray[np.bool_], count: int
) -> tuple[Floats, Floats, Floats]:
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

"""How long until it ends, with the unfinished censored: Kaplan-Meier, competing outcomes, log-rank."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, group_numbers, with_columns_of
from autopilot_analysis.fleet.intervals import PERCENT, REACH
from autopilot_analysis.fleet.measures.durations import SPANS, finished_spans

EVENTS = {
    "succeeded": ("succeeded",),
    "failed": ("failed",),
    "abandoned": ("abandoned",),
    "ended": ("succeeded", "failed"),
}
COMPETING = ("succeeded", "failed", "abandoned")
CURVE = ("at", "at_risk", "events", "censored", "survival", "low", "high", "restricted_mean")
"""Columns of a curve beside those of its group: a figure takes all others for its name."""
STEP = pl.Schema(dict.fromkeys(("group", "time", "at_risk", "events", "censored"), pl.Int64()))

Floats = NDArray[np.float64]


@answers_in_kind
def measure_survival(
    deployments: pl.DataFrame,
    *,
    by: str | Sequence[str] = (),
    event: str = "succeeded",
    stage: str = "total",
    horizon: timedelta | None = None,
) -> pl.DataFrame:
    """Return the Kaplan-Meier curve: the share not yet there, with log-log bands.

    Attempts that ended otherwise, or were still running when last seen, are censored at that time: they
    count as at risk until then. An attempt whose time is unknown is in no curve. Times are rounded to
    milliseconds. Curve and bands are those of `scipy.stats.ecdf`, one call a group.

    Args:
        deployments: One attempt a row.
        by: Columns to group by.
        event: What is waited for: succeeded, failed, abandoned or ended.
        stage: Span column that holds the time.
        horizon: Where the curve and the restricted mean end; the last time seen when left out.

    Returns:
        A row for each group and time: `at` (a duration), `at_risk`, `events`, `censored`, `survival`, `low`,
        `high`, and for the group as a whole `restricted_mean` (area under the curve up to the horizon).

    Raises:
        UnknownName: No such column.
        BadInput: No such event.
    """
    names, groups, timed = _timed(deployments, by, stage, horizon)
    curve = _kaplan_meier(timed, _outcomes_of(event))
    about = groups.join(_restricted_mean(curve, horizon), on="group")
    return _with_groups(about, curve).select(*names, *CURVE)


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
    scipy has no form of it. Bands are log-log on the variance of Marubini and Valsecchi.

    Args:
        deployments: One attempt a row.
        by: Columns to group by.
        stage: Span column that holds the time.
        horizon: Where the curves end.

    Returns:
        A row for each group, `outcome` (succeeded, failed, abandoned) and time: `at`, `at_risk`, `events`,
        `incidence`, `low`, `high`.

    Raises:
        UnknownName: No such column.
    """
    names, groups, timed = _timed(deployments, by, stage, horizon)
    every = _kaplan_meier(timed, COMPETING).rename({"events": "ended"})
    curves = []
    for outcome in COMPETING:
        steps = every.with_columns(_steps(timed, (outcome,))["events"])
        incidence, low, high = _by_group(steps, _aalen_johansen)
        curve = steps.with_columns(incidence=incidence, low=low, high=high, outcome=pl.lit(outcome))
        curves.append(curve.filter(pl.col("events").sum() > 0))
    columns = ("outcome", "at", "at_risk", "events", "incidence", "low", "high")
    named = _with_groups(groups, pl.concat(curves)).select(*names, *columns)
    return named.sort([*names, "outcome", "at"], maintain_order=True)


@answers_in_kind
def compare_survival(
    deployments: pl.DataFrame, *, by: str | Sequence[str], event: str = "succeeded", stage: str = "total"
) -> pl.DataFrame:
    """Return the log-rank test between groups: whether their curves differ by more than chance.

    It is ours and not `scipy.stats.logrank`, which compares two groups only, gives no expected counts, and
    multiplies four whole numbers, which run over 64 bits where a million attempts share few times: it then
    answers wrongly without a word. Wherever both have an answer the tests hold one to the other.

    Args:
        deployments: One attempt a row.
        by: Columns whose groups are compared.
        event: What is waited for.
        stage: Span column that holds the time.

    Returns:
        A row for each group: the columns of `by`, `n`, `events`, `expected` (if all groups were alike), and
        the same in every row `chi2`, `degrees`, `p`.

    Raises:
        UnknownName: No such column.
        BadInput: No such event.
    """
    from scipy.stats import chi2  # scipy stays out of start-up

    outcomes = _outcomes_of(event)
    names, groups, timed = _timed(deployments, by, stage, None)
    observed, expected, spread = _log_rank(_steps(timed, outcomes), groups.height)
    used = expected > 0
    used[np.flatnonzero(used)[-1:]] = False
    difference = (observed - expected)[used]
    degrees = int(used.sum())
    statistic = (
        float(difference @ np.linalg.pinv(spread[np.ix_(used, used)]) @ difference) if degrees else 0.0
    )
    sizes = groups.join(timed.group_by("group").len("n"), on="group", maintain_order="left")
    compared = sizes.with_columns(
        pl.col("n").cast(pl.Int64),
        pl.Series("events", observed.astype(np.int64)),
        pl.Series("expected", expected),
        pl.lit(statistic).alias("chi2"),
        pl.lit(degrees, dtype=pl.Int64).alias("degrees"),
        pl.lit(float(chi2.sf(statistic, degrees)) if degrees else None, dtype=pl.Float64).alias("p"),
    )
    return compared.select(*names, pl.exclude("group", *names))


def _outcomes_of(event: str) -> tuple[str, ...]:
    if event not in EVENTS:
        raise BadInput.outside("event", event, EVENTS)
    return EVENTS[event]


def _timed(
    deployments: pl.DataFrame, by: str | Sequence[str], stage: str, horizon: timedelta | None
) -> tuple[list[str], pl.DataFrame, pl.DataFrame]:
    """Return the grouping columns, the groups, and of each attempt `group`, `time` in ms and `outcome`.

    Attempts whose time is unknown are left out; an outcome of null is censored.
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
    return names, groups, timed.select(pl.Series("group", numbers), "time", "outcome").sort("group")


def _steps(timed: pl.DataFrame, outcomes: Sequence[str]) -> pl.DataFrame:
    """Return for each time of a group how many were `at_risk` then, and how many met it or were censored."""
    attempts = timed.select("group", "time", met=_met(outcomes))
    return pl.concat([STEP.to_frame(), *map(_steps_of, attempts.partition_by("group", maintain_order=True))])


def _steps_of(attempts: pl.DataFrame) -> pl.DataFrame:
    """Count the steps of one group; two sorts of whole numbers are several times faster than a hash."""
    times, met = attempts["time"].to_numpy(), attempts["met"].to_numpy()
    at, ended = np.unique(times, return_counts=True)
    met_at, met_count = np.unique(times[met], return_counts=True)
    events = np.zeros_like(ended)
    events[np.searchsorted(at, met_at)] = met_count
    steps = attempts["group"][0], at, ended[::-1].cumsum()[::-1], events, ended - events
    return pl.DataFrame(dict(zip(STEP, steps, strict=True)), schema=STEP)


def _met(outcomes: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col("outcome") == name for name in outcomes).fill_null(value=False)


def _by_group(rows: pl.DataFrame, measure: Callable[[pl.DataFrame], Floats]) -> list[pl.Series]:
    """Return three numbers of each step, group after group; what is undefined is null."""
    groups = rows.partition_by("group", maintain_order=True)
    measured = np.concatenate([np.empty((3, 0)), *map(measure, groups)], axis=1)
    return [pl.Series(numbers, nan_to_null=True) for numbers in measured]


def _kaplan_meier(timed: pl.DataFrame, outcomes: Sequence[str]) -> pl.DataFrame:
    """Return the steps with `survival`, `low` and `high`."""
    attempts = timed.select("group", "time", met=_met(outcomes))
    survival, low, high = _by_group(attempts, _curve)
    return _steps(timed, outcomes).with_columns(survival=survival, low=low, high=high)


def _curve(attempts: pl.DataFrame) -> Floats:
    """Return survival and its log-log bands at each distinct time of one group.

    Before anything happened the bands are the curve, 1; where nobody is left there are none (NaN).
    """
    from scipy.stats import CensoredData, ecdf  # scipy stays out of start-up

    data = CensoredData.right_censored(attempts["time"].to_numpy(), ~attempts["met"].to_numpy())
    curve = ecdf(data).sf
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        bands: Any = curve.confidence_interval(PERCENT / 100, method="log-log")
    low, high = bands.low.probabilities, bands.high.probabilities
    whole = curve.probabilities == 1
    return np.stack([curve.probabilities, np.where(whole, 1.0, low), np.where(whole, 1.0, high)])


def _with_groups(groups: pl.DataFrame, curve: pl.DataFrame) -> pl.DataFrame:
    """Return the steps of the curves beside what is known of their groups, `time` as a duration `at`."""
    at = pl.duration(milliseconds="time").cast(pl.Duration("us")).alias("at")
    return groups.join(curve.with_columns(at), on="group", maintain_order="left_right")


def _restricted_mean(curve: pl.DataFrame, horizon: timedelta | None) -> pl.DataFrame:
    """Return the area under each group's curve, up to the horizon or the last time seen."""
    width = pl.col("time").diff().fill_null(pl.col("time"))
    area = (width * pl.col("survival").shift(1, fill_value=1.0)).sum()
    if horizon is not None:
        beyond = horizon.total_seconds() * 1000 - pl.col("time").last()
        area += pl.col("survival").last() * beyond.clip(lower_bound=0)
    whole = (area * 1000).round().cast(pl.Int64).cast(pl.Duration("us"))
    return curve.group_by("group", maintain_order=True).agg(restricted_mean=whole)


def _aalen_johansen(steps: pl.DataFrame) -> Floats:
    """Return one group's incidence of an outcome at each step, with its bands."""
    risk, ended, own = steps.select("at_risk", "ended", "events").cast(pl.Float64).to_numpy().T
    before = steps["survival"].shift(1, fill_value=1.0).to_numpy()
    incidence = np.cumsum(before * own / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(risk > ended, ended / (risk * (risk - ended)), 0.0)
    mixed = before * own / risk**2
    variance = (
        incidence**2 * np.cumsum(hazard)
        - 2 * incidence * np.cumsum(hazard * incidence)
        + np.cumsum(hazard * incidence**2)
        + np.cumsum(before**2 * own * (risk - own) / risk**3)
        - 2 * (incidence * np.cumsum(mixed) - np.cumsum(mixed * incidence))
    )
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        wider = np.exp(-REACH * np.sqrt(np.maximum(variance, 0)) / (incidence * np.log(incidence)))
        low, high = incidence**wider, incidence ** (1 / wider)
    certain = (incidence == 0) | (incidence >= 1)
    return np.stack([incidence, np.where(certain, incidence, low), np.where(certain, incidence, high)])


def _log_rank(steps: pl.DataFrame, count: int) -> tuple[Floats, Floats, Floats]:
    """Return observed and expected events of each group, and the covariance of their differences."""
    moments, place = np.unique(steps["time"].to_numpy(), return_inverse=True)
    cells = steps["group"].to_numpy(), place
    left, events = np.zeros((2, count, moments.size))
    left[cells] = (steps["events"] + steps["censored"]).to_numpy()
    events[cells] = steps["events"].to_numpy()
    at_risk = left[:, ::-1].cumsum(axis=1)[:, ::-1]
    whole, ended = at_risk.sum(axis=0), events.sum(axis=0)
    share = at_risk / np.maximum(whole, 1)
    weight = ended * (whole - ended) / np.maximum(whole - 1, 1) * (whole > 1)
    spread = np.diag(share @ weight) - (share * weight) @ share.T
    return events.sum(axis=1), share @ ended, spread

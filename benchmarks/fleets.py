"""Fleets whose truth is known: `healthy(kind, attempts, seed)` and `planted(kind, attempts, seed, also)`.

Written from the columns of `deployments` alone, without a look at the code that is judged. The device is the
unit: it draws its chance of failing and its time once, on the day of its first try; what follows a failed try
is the device's own affair. What may make a healthy fleet look ill, each alone or all together:

    retries      a device that failed tries again, mostly a few times, some devices up to 15 times
    season       few start at weekends; Mondays fail and wait more, Fridays less
    days         the level of a day wanders: 0.6 is kept from day to day, deviation 0.3 on the logit
    batches      each site rolls out mostly within four weeks, with models and a level of its own: deviation
                 0.15 on the logit (8 % may be 7 or 9 %) and 3 % of the time, less than anyone would act on
    correlated   model, build, profile and the rest hang together, builds follow the calendar; none matters
    trend        the logit drifts by up to 0.7 over the whole time, the time by up to a fifth, for all alike

Planted incidents are in `PLANS`; those of `QUIET` look like one and are none: a worse site arrives (no rate
moves), one laptop fails 15 times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from fleet_draft import NAMES, NUISANCES, SITES, Draft, draft, expit, logit
from fleet_tries import CODES, INCIDENT_STAGE, STAGES, fleet_of

KINDS = ("independent", *NUISANCES, "all")


@dataclass(frozen=True)
class Plan:
    """One kind of incident: how many conditions its group has, and what moves from where to where."""

    conditions: int
    outcome: str = "failed"
    before: tuple[float, float] = (0.03, 0.08)
    after: tuple[float, float] = (0.20, 0.40)
    times: tuple[float, float] = (1.0, 1.0)
    ramp: int = 0
    days: int | None = None
    last: int | None = None


PLANS = {
    "sixth": Plan(1),
    "pair": Plan(2, after=(0.35, 0.60)),
    "slow": Plan(1, outcome="slow", times=(1.4, 1.9)),
    "whole": Plan(0, before=(0.02, 0.02), after=(0.50, 0.50)),
    "gradual": Plan(1, ramp=21),
    "last_week": Plan(1, after=(0.35, 0.60), days=182, last=7),
}
QUIET = ("mix_shift", "laptop")
LEAST, DRAWS = 15, 50
"""An incident hits a group with that many devices before its day and after; so often another group is drawn,
and then another fleet."""


@dataclass(frozen=True)
class Truth:
    """What was planted: the group, its day (a gradual one is complete on `until`), and its rates.

    `before` and `after` are the mean chances of a first try to fail, or median minutes if `outcome` is slow.
    """

    outcome: str
    where: dict[str, str]
    day: datetime
    until: datetime
    before: float
    after: float


@dataclass(frozen=True)
class Fleet:
    """Deployments, and for an oracle the first tries (`fleet_tries.journeys_of`) and the truth."""

    deployments: pl.DataFrame
    journeys: pl.DataFrame
    first: datetime
    days: int
    truth: Truth | None = None


def healthy(kind: str, attempts: int, seed: Iterable[int]) -> Fleet:
    """Return a fleet in which nothing happened: `kind` is one of `KINDS`."""
    rng = np.random.default_rng(list(seed))
    on = frozenset(NUISANCES if kind == "all" else {kind} & set(NUISANCES))
    made = draft(rng, on, attempts, float(np.exp(rng.uniform(np.log(0.03), np.log(0.15)))))
    return Fleet(*fleet_of(made, attempts, nobody(made)), made.first, made.days)


def planted(kind: str, attempts: int, seed: Iterable[int], also: Iterable[str] = ()) -> Fleet:
    """Return a fleet with an incident of `PLANS`, or what only looks like one, among the nuisances `also`."""
    rng, on = np.random.default_rng(list(seed)), frozenset(also)
    if kind in PLANS:
        return incident(PLANS[kind], rng, attempts, on)
    return {"mix_shift": mix_shift, "laptop": laptop}[kind](rng, attempts, on)


def constant(conditions: int, rate: float, rest: float, attempts: int, seed: Iterable[int]) -> Fleet:
    """Return independent attempts of which a sixth, or a pair of 1/28, fails at `rate` all the time."""
    made = draft(np.random.default_rng(list(seed)), frozenset(), attempts, rest, equal=True)
    where, member = made.group(conditions)
    told = fleet_of(made, attempts, member, float(logit(rate) - logit(rest)), risen=member.astype(float))
    return Fleet(*told, made.first, made.days, Truth("failed", where, made.first, made.first, rest, rate))


def incident(plan: Plan, rng: np.random.Generator, attempts: int, on: frozenset[str]) -> Fleet:
    """Return a fleet in which a group fails or waits more from a day on."""
    for _ in range(DRAWS):
        made = draft(rng, on, attempts, rng.uniform(*plan.before), equal=True, days=plan.days)
        where, member, day, enough = group_and_day(made, plan)
        if enough:
            break
    risen = np.clip((made.day - day + 1) / max(plan.ramp, 1), 0.0, 1.0) * member
    usual = expit(made.logit[member]).mean()
    rise = 0.0 if plan.outcome == "slow" else float(logit(rng.uniform(*plan.after)) - logit(usual))
    frame, journeys = fleet_of(made, attempts, member, rise, float(np.log(rng.uniform(*plan.times))), risen)
    at = made.first + timedelta(days=day)
    rates = rates_of(journeys.filter("member"), plan.outcome, day)
    truth = Truth(plan.outcome, where, at, at + timedelta(days=plan.ramp), *rates)
    return Fleet(frame, journeys, made.first, made.days, truth)


def group_and_day(made: Draft, plan: Plan) -> tuple[dict[str, str], np.ndarray, int, bool]:
    """Return a group, its day, and whether it has devices enough before and after: most of the draws do."""
    for _ in range(DRAWS):
        where, member = made.group(plan.conditions)
        middle = int(np.quantile(made.day[member], made.rng.uniform(0.3, 0.7)))
        day = made.days - plan.last if plan.last else max(middle, 1)
        late = (made.day[member] >= day).sum()
        enough = min(late, member.sum() - late) >= LEAST
        if enough:
            break
    return where, member, day, enough


def rates_of(journeys: pl.DataFrame, outcome: str, day: int) -> tuple[float, float]:
    """Return the true mean chances before the day and after it, or median minutes."""
    before, after = ("mean_before", "mean_after") if outcome == "slow" else ("p_before", "p_after")
    early = journeys.filter(pl.col("day") < day)[before].to_numpy().mean()
    late = journeys.filter(pl.col("day") >= day)[after].to_numpy().mean()
    return (float(np.exp(early)), float(np.exp(late))) if outcome == "slow" else (float(early), float(late))


def mix_shift(rng: np.random.Generator, attempts: int, on: frozenset[str]) -> Fleet:
    """Return a fleet to which a worse site comes from a day on: its rate never moves, nor do the others'."""
    made = draft(rng, on, attempts, rng.uniform(0.03, 0.08), equal=True)
    day, site, newcomer = int(made.days * rng.uniform(0.4, 0.7)), made.codes["group_tag"], SITES - 1
    arrives = (made.day >= day) & (rng.random(len(site)) < 0.3)
    site = np.where(site == newcomer, rng.integers(0, newcomer, len(site)), site)
    made.codes["group_tag"] = np.where(arrives, newcomer, site)
    own = arrives & (rng.random(len(site)) < 0.6)
    made.codes["model"] = np.where(own, len(NAMES["model"]) - 1, made.codes["model"])
    made.logit = made.logit + np.where(
        arrives, float(logit(rng.uniform(0.15, 0.30)) - made.logit.mean()), 0.0
    )
    at = made.first + timedelta(days=day)
    rates = float(expit(made.logit[~arrives]).mean()), float(expit(made.logit[arrives]).mean())
    truth = Truth("failed", {"group_tag": NAMES["group_tag"][newcomer]}, at, at, *rates)
    return Fleet(*fleet_of(made, attempts, arrives), made.first, made.days, truth)


def laptop(rng: np.random.Generator, attempts: int, on: frozenset[str]) -> Fleet:
    """Return a healthy fleet in which one laptop fails 15 times within two days."""
    made = draft(rng, on, attempts, rng.uniform(0.03, 0.08))
    frame, journeys = fleet_of(made, attempts - 15, nobody(made))
    one = frame.sample(1, seed=int(rng.integers(2**31)))
    tries = pl.concat([one] * 15).with_columns(
        pl.concat_str(pl.lit("laptop-"), pl.int_range(15).cast(pl.String)).alias("deployment"),
        *(pl.lit("LAPTOP").alias(name) for name in ("device", "serial", "name", "user")),
        pl.col("started_at")
        + pl.Series(np.sort(rng.uniform(0, 44 * 3600e6, 15)).astype(int)).cast(pl.Duration("us")),
        pl.lit("failed").cast(frame.schema["outcome"]).alias("outcome"),
        pl.lit(STAGES[INCIDENT_STAGE]).cast(frame.schema["failed_stage"]).alias("failed_stage"),
        pl.lit(CODES[INCIDENT_STAGE]).alias("code"),
        pl.lit(timedelta(minutes=50)).alias("total"),
        *(pl.lit(None, dtype=pl.Duration("us")).alias(name) for name in ("device_setup", "account_setup")),
    )
    tries = tries.with_columns((pl.col("started_at") + pl.col("total")).alias("ended_at"))
    return Fleet(pl.concat([frame, tries]).sort("started_at"), journeys, made.first, made.days)


def nobody(made: Draft) -> np.ndarray:
    return np.zeros(len(made.day), dtype=bool)


def multiplied(deployments: pl.DataFrame, times: int) -> pl.DataFrame:
    """Return `times` copies side by side, the devices of each copy others than those of the rest."""
    copies = deployments.join(pl.DataFrame({"copy": np.arange(times)}), how="cross")
    keys = ("device", "deployment", "serial", "name", "user")
    mark = pl.concat_str(pl.lit("x"), pl.col("copy").cast(pl.String))
    return (
        copies.with_columns(pl.concat_str(name, mark).alias(name) for name in keys)
        .drop("copy")
        .sort("started_at")
    )

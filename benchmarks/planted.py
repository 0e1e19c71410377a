"""Planted incidents, against an oracle that knows the group and the rates: `python benchmarks/planted.py`.

`[--fleets N] [--seed S] [--kinds KIND ...] [--size N] [--also NUISANCE ...] [--power] [--scale]`
`[--workers N] [--json FILE]`; the kinds are those of `fleets.py`, with retries, season and batches unless
`--also` names others. The seed is the date unless given.

The first answer is the first contrast, or the first change where there is no contrast or where it is of all
and explains more than any group (`of_all`). A group is the true one when it holds the same attempts
(`judging.ALIKE`). Its day is that of its contrast, else of its change. The set is `at_low` to `at_high`, in
days, both ends counted. A gradual incident has a true spell: a set that meets it is right, a day in it exact.

The oracle sees the first try of each device of the group, and knows each device's chance before and after (or
the distribution of its time). Its 90 % set is the smallest set of days with 90 % of the likelihood, from its
first day to its last; its day the most likely one, the middle one where several are equally so.

`--power`: independent attempts, a group failing all the time against 12 % elsewhere; a hit is the true group
first. `--scale`: a fleet of 2,000 attempts, multiplied by 10, 100, 500 and 1,000: what it says must stay, of
a group surer, of all as sure as at first (a copy has no more days); and 20 more rises of all, copied 10 and
100 times.

First run, 2026-11-28, seed 20261128, 20 fleets a kind of 5,000 attempts, on code not changed for it, which
gives no `at_low` and `at_high` yet, so that no true day is in a set:

    planted     true group first   dated   mean distance, days / oracle
    sixth       18                 18      1.2 / 0.3
    pair         9                  3      0.0 / 1.0
    slow        20                 19      0.4 / 0.2
    whole        5                 10      2.5 / 0.0
    gradual     17                 18      1.3 from its spell
    last_week    4                  7      47.0 / 1.7

All but gradual: true group first 56 of 100; the oracle's set holds the true day in 96 of 100. A day was
raised in 20 of 20 mix shifts and 20 of 20 laptops, and without retries, season and batches (2,500 attempts)
in 10 of 10 of each.
Power at 20 % against 12 %: a sixth of 2,500 in 31 of 60 fleets, a pair in 10,000 in 27 of 60. Scale, to
1,000,000: sixth and pair stay first, but the day of the sixth goes from 7 days off to 24 and then none; the
whole fleet (2 % to 50 %) is right at 2,000 and lost at 20,000 and beyond.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from fleet_tries import SPREAD
from fleets import NUISANCES, PLANS, QUIET, Fleet, Plan, Truth, constant, incident, multiplied, planted
from judging import Answer, answers, each, instant, same_group, share, today, write_json
from measuring import table

KINDS = (*PLANS, *QUIET)
ALSO = ("retries", "season", "batches")
DAY = timedelta(days=1)
POWER_SIZES, POWER_RATES, POWER_REST = (600, 2_500, 10_000), (0.20, 0.30), 0.12
SCALE_SIZE, SCALES = 2_000, (1, 10, 100, 500, 1_000)
RISES, RISE_SCALES = {"2 to 50 %": (0.50, 0.50), "2 to 15-30 %": (0.15, 0.30)}, (1, 10, 100)
RISES_EACH = 10
HELD = 0.9


def oracle(fleet: Fleet, truth: Truth) -> tuple[datetime, datetime, datetime]:
    """Return the most likely day, and the first and last of the 90 % set."""
    known = fleet.journeys.filter("member").drop_nulls("log_total" if truth.outcome == "slow" else "failed")
    if truth.outcome == "slow":
        total, early, late = (known[name].to_numpy() for name in ("log_total", "mean_before", "mean_after"))
        gain = ((total - early) ** 2 - (total - late) ** 2) / (2 * SPREAD**2)
    else:
        failed, early, late = (known[name].to_numpy() for name in ("failed", "p_before", "p_after"))
        gain = np.where(failed, np.log(late / early), np.log1p(-late) - np.log1p(-early))
    by_day = np.bincount(known["day"].to_numpy(), weights=gain, minlength=fleet.days)
    after = np.cumsum(by_day[::-1])[::-1][1:]  # the likelihood of a change on day 1, 2, …
    likely = np.exp(after - after.max())
    order = np.argsort(-likely, kind="stable")
    held = np.searchsorted(np.cumsum(likely[order]), HELD * likely.sum()) + 1
    inside = np.flatnonzero(likely >= likely[order[held - 1]])
    top = np.flatnonzero(likely == likely.max())
    days = (int(top[len(top) // 2]), int(inside[0]), int(inside[-1]))
    return tuple(fleet.first + (day + 1) * DAY for day in days)


def named(fleet: Fleet, truth: Truth, raised: Mapping[str, list[Answer]]) -> tuple[bool, list[Answer]]:
    """Return whether the first answer is the true group, and all answers that are, in order."""
    rows = raised["in_order"]
    if not truth.where:
        right = [row for row in raised["changes"] if not row["where"]]
        return rows[:1] == right[:1] != [], right
    right = [row for row in rows if same_group(fleet.deployments, row["where"], truth.where)]
    return rows[:1] == right[:1] != [], right


def apart(day: datetime, truth: Truth) -> float:
    """Return how many days a day is from the true one, or from the spell of a gradual incident."""
    return max((truth.day - day) / DAY, (day - truth.until) / DAY, 0.0)


def judged(task: tuple[str, int, int, int, tuple[str, ...]]) -> dict[str, Any]:
    """Return what one planted fleet was given as an answer."""
    kind, size, number, seed, also = task
    fleet = planted(kind, size, [seed, KINDS.index(kind), size, number], also)
    truth = fleet.truth
    raised = answers(fleet.deployments, truth.outcome if truth else "failed")
    row: dict[str, Any] = {"kind": kind, "number": number, "groups": len(raised["contrasts"])}
    row |= {"days": len(raised["changes"]), "raised": raised}
    if kind in QUIET or truth is None:
        row["group"] = [c["where"] for c in raised["contrasts"]]
        return row
    row["first"], right = named(fleet, truth, raised)
    likely, low, high = oracle(fleet, truth)
    row |= {"named": bool(right), "others": len(raised["contrasts"]) + len(raised["changes"]) - len(right)}
    row |= {"oracle_apart": apart(likely, truth), "oracle_width": (high - low) / DAY + 1}
    row |= {"oracle_inside": low <= truth.until and truth.day <= high, "truth": vars(truth)}
    return row | day_of(right, truth)


def day_of(right: Sequence[Answer], truth: Truth) -> dict[str, Any]:
    """Return how far the day of the true group is, and whether its set holds the true day."""
    dated = next((row for row in right if row.get("at")), None)
    if dated is None:
        return {"apart": None, "width": None, "inside": False}
    at, low, high = (instant(dated.get(name)) for name in ("at", "at_low", "at_high"))
    known = low is not None and high is not None
    return {
        "apart": apart(at.replace(hour=0, minute=0, second=0, microsecond=0), truth),
        "width": (high.date() - low.date()) / DAY + 1 if known else None,
        "inside": known and low.date() <= truth.until.date() and truth.day.date() <= high.date(),
    }


def ratio(one: Sequence[float], other: Sequence[float], of) -> str:
    """Return both figures, ours first, and how many times the other ours is."""
    if not one:
        return "none"
    ours, theirs = of(one), of(other)
    return f"{ours:.1f} / {theirs:.1f}" + (f" = {ours / theirs:.2f}" if theirs else "")


def line_of(kind: str, rows: Sequence[Mapping[str, Any]]) -> tuple[object, ...]:
    """Return the line of one kind of incident."""
    dated = [row for row in rows if row["apart"] is not None]
    wide = [row for row in rows if row["width"] is not None]
    distances = [row["apart"] for row in dated], [row["oracle_apart"] for row in dated]
    gradual = kind in PLANS and PLANS[kind].ramp > 0
    widths = [row["width"] for row in wide], [row["oracle_width"] for row in wide]
    return (
        kind,
        share(sum(row["first"] for row in rows), len(rows)),
        sum(row["named"] for row in rows),
        len(dated),
        share(sum(row["inside"] for row in rows), len(rows)),
        "" if gradual else sum(row["oracle_inside"] for row in rows),
        "" if gradual else ratio(*widths, median),
        f"{median(distances[0]):.1f}" if gradual and dated else ratio(*distances, median),
        f"{mean(distances[0]):.1f}" if gradual and dated else ratio(*distances, mean),
        f"{mean(row['others'] for row in rows):.1f}",
    )


HEADS = (
    "planted",
    "true group first",
    "named at all",
    "dated",
    "true day in the set",
    "in the oracle's",
    "median width, days / oracle",
    "median distance / oracle",
    "mean distance / oracle",
    "other answers",
)


def incidents(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the tables of what was planted and of what only looks like an incident."""
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in KINDS}
    lines = [line_of(kind, found) for kind, found in kinds.items() if kind in PLANS and found]
    sharp = [row for row in rows if row["kind"] in PLANS and not PLANS[row["kind"]].ramp]
    if sharp:
        lines.append(line_of("all but gradual", sharp))
    quiet = [
        (
            kind,
            share(sum(row["days"] > 0 for row in found), len(found)),
            sum(row["groups"] > 0 for row in found),
        )
        for kind, found in kinds.items()
        if kind in QUIET and found
    ]
    parts = [table(lines, *HEADS)] if lines else []
    return "\n\n".join(
        parts + ([table(quiet, "no incident", "a day raised", "a group named")] if quiet else [])
    )


def found_first(task: tuple[int, float, int, int, int]) -> bool:
    """Return whether the true group of independent attempts is the first answer."""
    conditions, rate, size, number, seed = task
    fleet = constant(
        conditions, rate, POWER_REST, size, [seed, 100 + conditions, round(rate * 100), size, number]
    )
    return named(fleet, fleet.truth, answers(fleet.deployments, "failed"))[0]


def power(fleets: int, seed: int, workers: int) -> str:
    """Return how often a group that fails more all the time is found, by its size and that of the fleet."""
    cells = [(part, rate, size) for part in (1, 2) for rate in POWER_RATES for size in POWER_SIZES]
    found = each(found_first, [(*cell, number, seed) for cell in cells for number in range(fleets)], workers)
    hits = {cell: sum(found[place * fleets : (place + 1) * fleets]) for place, cell in enumerate(cells)}
    lines = [
        (
            ("a sixth", "a pair, 1/28")[part - 1],
            f"{rate:.0%}",
            *(share(hits[part, rate, size], fleets) for size in POWER_SIZES),
        )
        for part in (1, 2)
        for rate in POWER_RATES
    ]
    return table(lines, "group", f"fails, elsewhere {POWER_REST:.0%}", *(f"{size:,}" for size in POWER_SIZES))


def scale(seed: int) -> str:
    """Return what is said of a fleet, and of the same fleet many times over."""
    lines = []
    for kind in ("sixth", "pair", "whole"):
        fleet = planted(kind, SCALE_SIZE, [seed, 200, KINDS.index(kind)])
        for times in SCALES:
            grown = multiplied(fleet.deployments, times)
            first, right = named(fleet, fleet.truth, answers(grown, "failed"))
            day = day_of(right, fleet.truth)
            q = min((row["q"] for row in right), default=None)
            lines.append((kind, f"{grown.height:,}", first, day["apart"], day["width"], day["inside"], q))
    return table(lines, "planted", "attempts", "true group first", "days off", "width", "in the set", "q")


def rises(seed: int) -> str:
    """Return how sure rises of all are in copies of a fleet, beside the fleet itself."""
    lines = []
    for name, after in RISES.items():
        plan = Plan(0, before=(0.02, 0.02), after=after)
        sure = []
        for number in range(RISES_EACH):
            fleet = incident(plan, np.random.default_rng([seed, 300, number]), SCALE_SIZE, frozenset())
            grown = [multiplied(fleet.deployments, times) for times in RISE_SCALES]
            told = [named(fleet, fleet.truth, answers(each, "failed")) for each in grown]
            sure.append([right[0]["q"] if first else 1.0 for first, right in told])
        kept = sum(max(each) < 1.0 for each in sure)
        grew = [max(each[1:]) / each[0] for each in sure]
        lines.append(
            (name, kept, sum(each <= 1.0 for each in grew), f"{max(grew):.2f}", f"{median(grew):.2f}")
        )
    heads = ("rise of all", f"of {RISES_EACH} first at every scale", "as sure or surer")
    return table(lines, *heads, "largest p, times that of one copy", "median")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fleets", type=int, default=10, help="fleets a kind")
    parser.add_argument("--seed", type=int, default=today())
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument("--size", type=int, default=5_000, help="attempts a fleet")
    parser.add_argument("--also", nargs="*", choices=NUISANCES, default=ALSO)
    parser.add_argument("--power", action="store_true")
    parser.add_argument("--scale", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    also = tuple(asked.also)
    beside = ", ".join(also) or "nothing else"
    print(f"seed {asked.seed}, {asked.fleets} fleets a kind, {asked.size:,} attempts, with {beside}\n")
    tasks = [
        (kind, asked.size, number, asked.seed, also) for kind in asked.kinds for number in range(asked.fleets)
    ]
    rows = each(judged, tasks, asked.workers)
    print(incidents(rows))
    if asked.power:
        print(f"\n{power(asked.fleets, asked.seed, asked.workers)}")
    if asked.scale:
        print(f"\n{scale(asked.seed)}\n\n{rises(asked.seed)}")
    write_json(asked.json, asked.seed, rows)


if __name__ == "__main__":
    main()

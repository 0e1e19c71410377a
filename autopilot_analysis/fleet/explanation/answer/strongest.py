"""The strongest thing that comparing shows, as the first line of an answer names it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.answer.inside_group import inside_of
from autopilot_analysis.fleet.explanation.answer.slow_stages import longest_apart
from autopilot_analysis.fleet.explanation.days.time_of_day import hours_in_words
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.failures.own_codes import is_over
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.sentences import CALM, SAME_DAY, came_with_the_day

NEAR_CHANCE = FALSE_DISCOVERY
"""A single day that chance shows so often or more is told with the word that it may be chance."""
SINGLE = timedelta(days=1)
MAY_BE_CHANCE = "which may be chance"
CALM_DAYS = "no day stands out"
MOST_NAMED = 2
"""Things that the first line names; the others stand below it."""
LEAST_TWICE, BELOW_THRICE = 1.9, 2.1
"""Between these a time is twice another."""
LEAST_TIMES = 1.5
"""A time that is fewer times another is longer, without a number of times."""


def may_be_chance(row: Mapping[str, Any]) -> bool:
    """Tell whether what stands out is a single day, or hours of one, that chance shows not so seldom.

    Args:
        row: One of `Explanation.changes` or of its contrasts.
    """
    at, until = row["at"], row["until"]
    single = "measure" in row and at is not None and until is not None and until - at <= SINGLE
    return single and row["q"] >= NEAR_CHANCE


def strongest(explained: Mapping[str, Explanation]) -> list[tuple[str, dict[str, Any]]]:
    """Return what stands out most, each with the outcome it was compared by; of a group one thing.

    What may be chance, and what is over, come behind all others; failures come before waits.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    found = [(outcome, row) for outcome, one in explained.items() for row in _in_order(one)]
    once = {row["where"]: (outcome, row) for outcome, row in reversed(found)}
    kept = [each for each in found if once[each[1]["where"]][1] is each[1]]
    return sorted(kept, key=lambda each: (may_be_chance(each[1]), is_over(each[1])))[:MOST_NAMED]


def _in_order(one: Explanation) -> Iterator[dict[str, Any]]:
    """Yield groups and days, what explains most first; a group that only came is no day of its own."""
    days = one.changes.to_dicts()
    yield from days[: one.of_all]
    yield from one.contrasts.iter_rows(named=True)
    yield from (row for row in days[one.of_all :] if row["kind"] != "mix")


def in_the_first_line(explained: Mapping[str, Explanation], rows: pl.DataFrame) -> str:
    """Return the strongest thing in a clause, or that nothing stands out; empty where nothing was compared.

    Args:
        explained: Answer of `explain` for each outcome.
        rows: Deployments.
    """
    clauses = []
    for outcome, row in strongest(explained):
        clause = in_one_clause(row) if "measure" in row else _of_group(explained[outcome], outcome, row, rows)
        clauses.append(f"{clause}, {MAY_BE_CHANCE}" if may_be_chance(row) else clause)
    if clauses:
        return "; ".join(clauses)
    for outcome, one in explained.items():
        for row in one.hours.head(1).iter_rows(named=True):
            return hours_in_words(row, outcome)
    grown = [each.in_words for one in explained.values() for each in one.growth]
    if grown:
        return f"the {grown[0]}"
    alike = [one.all_failed.in_short for one in explained.values() if one.all_failed]
    if alike or any(one.few for one in explained.values()):
        return "".join(alike[:1])
    return CALM if all(one.grouped for one in explained.values()) else CALM_DAYS


def _of_group(one: Explanation, outcome: str, row: Mapping[str, Any], rows: pl.DataFrame) -> str:
    """Return a group with its share and that of the others, or with how it moved."""
    name = wording.group(json.loads(row["where"]))
    if came_with_the_day(row):
        return f"{name} {SAME_DAY}"
    moved = one.changes.filter(pl.col("where") == row["where"], pl.col("kind") != "mix").to_dicts()
    moved = [each for each in moved if each["measure"] != "total" and each["before"] is not None]
    if moved and outcome == "failed":
        return _of_share(moved[0], f"of {name}")
    if outcome == "slow" and (minutes := longest_apart(rows, row)):
        return f"{name}{minutes}"
    rest = "" if row["rest_share"] is None else f", elsewhere {wording.percent(row['rest_share'], 0)}"
    verb = {"failed": "failed", "slow": "were slow"}[outcome]
    inside = inside_of(rows, row) if outcome == "failed" else None
    more = f", {inside.in_short}" if inside else ""
    return f"{wording.percent(row['share'], 0)} of {name} {verb}{rest}{more}"


def in_one_clause(row: Mapping[str, Any]) -> str:
    """Return a day on which all, or a group, moved: "since 2026-10-04 all deployments take twice as long, …".

    Args:
        row: One of `Explanation.changes`.
    """
    where = json.loads(row["where"])
    if row["measure"] != "total":
        return _of_share(row, f"of {wording.group(where)}" if where else "of all")
    name = wording.group(where) if where else "all deployments"
    verb = "takes" if where else "take"
    before, after = row["before"], row["after"]
    if before is None or after is None:
        return f"{_when(row)} {name} {verb} another time"
    long, short = (
        wording.span(timedelta(minutes=round(each))) for each in (max(before, after), min(before, after))
    )
    if before > after:
        return (
            f"until {about_day(row)} {name} took {times_as_long(after, before)}, {long} against {short} since"
        )
    verb = "took" if row["until"] else verb
    return f"{_when(row)} {name} {verb} {times_as_long(before, after)}, {long} against {short}"


def _of_share(row: Mapping[str, Any], whose: str) -> str:
    """Return the share of a group, or of all, before and after it moved."""
    measure = row["measure"]
    after = f"{wording.percent(row['after'], 0)} {whose}"
    if row["before"] is None:
        return f"{_when(row)}, {after} {measure}"
    before = wording.percent(row["before"], 0)
    if row["before"] > row["after"] and row["until"] is None:
        since = wording.percent(row["after"], 0)
        return f"until {about_day(row)}, {before} {whose} {measure}, since then {since}"
    return f"{_when(row)}, {after} {measure}, {'before that' if row['until'] else 'before'} {before}"


def times_as_long(short: float, long: float) -> str:
    """Return how many times as long something takes: "twice as long", "2.6 times as long", "longer".

    Args:
        short: Minutes.
        long: More minutes.
    """
    ratio = long / short if short > 0 else 0.0
    if LEAST_TWICE <= ratio < BELOW_THRICE:
        return "twice as long"
    return f"{wording.ratio(ratio)} times as long" if ratio >= LEAST_TIMES else "longer"


def about_day(row: Mapping[str, Any]) -> str:
    """Return the day of a change, with "about" where it may be another.

    Args:
        row: One of `Explanation.changes`.
    """
    sure = row["at_low"] == row["at_high"]
    return f"{'' if sure else 'about '}{wording.short_moment(row['at'])}"


def spell(row: Mapping[str, Any]) -> str:
    """Return from when until when something was worse: a single day, hours of one, or several days.

    Args:
        row: With `at` and `until`, the end of the spell.
    """
    at, until = row["at"], row["until"]
    whole = (at.hour, at.minute, until.hour, until.minute) == (0, 0, 0, 0)
    if whole and until - at == SINGLE:
        return f"on {wording.short_day(at)}"
    if whole and until - at == 2 * SINGLE:
        return f"on {wording.short_day(at)} and {wording.short_day(until - SINGLE)}"
    if whole:
        return f"from {wording.short_day(at)} to {wording.short_day(until - SINGLE)}"
    if at.date() == until.date():
        hours = f"from {wording.clock_time(at)} to {wording.clock_time(until)}"
        return wording.in_zone(f"on {wording.short_day(at)} {hours}")
    return f"from {wording.short_moment(at)} until {wording.end(until)}"


def _when(row: Mapping[str, Any]) -> str:
    return spell(row) if row["until"] else f"since {about_day(row)}"

"""Lines on what counting shows: groups and days that stand out, what they cost, what is not seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Line
from autopilot_analysis.fleet.explanation.answer.inside_group import inside_of
from autopilot_analysis.fleet.explanation.answer.one_attempt import not_compared
from autopilot_analysis.fleet.explanation.answer.slow_stages import longest_apart
from autopilot_analysis.fleet.explanation.answer.strongest import (
    MAY_BE_CHANCE,
    in_one_clause,
    may_be_chance,
    spell,
)
from autopilot_analysis.fleet.explanation.answer.without_others import without_others
from autopilot_analysis.fleet.explanation.days.one_account import WHO
from autopilot_analysis.fleet.explanation.days.time_of_day import hours_in_words
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.failures.failure_kinds import named
from autopilot_analysis.fleet.explanation.failures.own_codes import incident_of, is_over
from autopilot_analysis.fleet.explanation.sentences import (
    SAME_DAY,
    WHICH_IS_IT,
    came_with_the_day,
    own_in_short,
    set_in_days,
)
from autopilot_analysis.fleet.explanation.spellings import spelt_alike
from autopilot_analysis.fleet.explanation.units import first_tries, with_hits
from autopilot_analysis.fleet.explanation.visibility import NOT_TOLD, WHICH_GROUP
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.groups import Group
from autopilot_analysis.wording import capital

MOST = 2
"""Groups and days told of each kind; the rest stand in the tables."""
NOT_APART = f"{capital(WHICH_IS_IT)} cannot be told from these numbers."
"""Said of a group that came on the day on which all attempts changed."""
VERBS = {"failed": "failed", "slow": "were slow"}


def differs(explained: dict[str, Explanation]) -> bool:
    """Whether a group stands out, or a day on which something moved.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    return any(one.stands_out for one in explained.values())


def standing_groups(explained: dict[str, Explanation]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the first groups that stand out, each with the outcome that it was compared by.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    for outcome, one in explained.items():
        yield from ((outcome, row) for row in one.contrasts.head(MOST).iter_rows(named=True))


def apart_from_days(explained: dict[str, Explanation]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the first groups less those that came with a day: their numbers are those of the day.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    yield from (each for each in standing_groups(explained) if not came_with_the_day(each[1]))


def moved_days(explained: dict[str, Explanation]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the first days on which something moved, each with the outcome that moved.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    for outcome, one in explained.items():
        yield from ((outcome, row) for row in one.changes.head(MOST).iter_rows(named=True))


def heading_of(row: dict[str, Any]) -> str:
    """Return the group of a row at the start of a sentence.

    Args:
        row: With `where`.
    """
    text = wording.group(json.loads(row["where"]))
    return wording.capital(text)


def tell_groups(explained: dict[str, Explanation], rows: pl.DataFrame) -> Iterator[Line]:
    """Return which groups stand out, and which days of all, each once with all that is told of it.

    Args:
        explained: Answer of `explain` for each outcome.
        rows: Deployments.
    """
    parts_of: dict[str, list[str]] = {}
    before: list[dict[str, Any]] = []
    for outcome, row in standing_groups(explained):
        if came_with_the_day(row):
            continue
        here = wording.share(row["k"], row["n"], row["low"], row["high"])
        rest = row["rest_share"]
        beside = "" if rest is None else f", against {wording.percent(rest, 0)} elsewhere"
        minutes = longest_apart(rows, row) if outcome == "slow" else ""
        own = _own(explained[outcome], row)
        less = without_others(rows, row, before) if outcome == "failed" else ""
        before += [row] if outcome == "failed" else []
        parts_of.setdefault(row["where"], []).append(f"{here} {VERBS[outcome]}{beside}{minutes}{own}{less}")
        inside = inside_of(rows, row) if outcome == "failed" else None
        parts_of[row["where"]] += [f"This {row['note']}"] if row["note"] else []
        parts_of[row["where"]] += [inside.in_words] if inside else []
    grouped = {(one["where"], of) for of, one in standing_groups(explained)}
    for outcome, row in moved_days(explained):
        if (row["where"], outcome) in grouped or row["kind"] == "mix":
            continue
        if own := _own(explained[outcome], row):
            parts_of.setdefault(row["where"], []).append(own.removeprefix("; "))
        elif not json.loads(row["where"]):
            clause = in_one_clause(row)
            yield Line(wording.sentence(wording.capital(clause)))
    yield from _with_their_day(explained, rows)
    for where, parts in parts_of.items():
        sentences = " ".join(wording.sentence(part) for part in parts)
        yield Line(f"{heading_of({'where': where})}: {sentences}")


def _with_their_day(explained: dict[str, Explanation], rows: pl.DataFrame) -> Iterator[Line]:
    """Yield what came with the day on which all changed: one thing with that day, and not a second one."""
    for outcome, row in standing_groups(explained):
        if came_with_the_day(row):
            minutes = longest_apart(rows, row) if outcome == "slow" else ""
            yield Line(f"{heading_of(row)} {SAME_DAY}{minutes}. {NOT_APART}")


def tell_calm(explained: dict[str, Explanation]) -> Iterator[Line]:
    """Return that no group stands out, or that none were compared.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    alike = [one for one in explained.values() if one.all_failed]
    calm = (
        one.no_group
        for one in alike or explained.values()
        if one.contrasts.is_empty() and (alike or not one.few)
    )
    yield from (Line(text) for text in dict.fromkeys(calm))


def _own(explanation: Explanation, row: dict[str, Any]) -> str:
    """Return which codes belong to a group or a day, among its failures in that time; empty: none does."""
    codes = explanation.codes_of(row)
    when = f"{time}, " if (time := time_of(row)) else ""
    chance = f", {MAY_BE_CHANCE}" if codes and may_be_chance(row) else ""
    return f"; {when}{own_in_short(codes)}{chance}" if codes else ""


def are_several(explained: dict[str, Explanation]) -> bool:
    """Tell whether what stands out is of several groups, so that each further line names its own.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    found = (*apart_from_days(explained), *moved_days(explained))
    return len({row["where"] for _, row in found}) > 1


def _about(explained: dict[str, Explanation], row: dict[str, Any], outcome: str) -> str:
    """Return what a further line is about: the outcome, and of several groups which."""
    return (
        f"{heading_of(row)}, {wording.words(outcome)}" if are_several(explained) else wording.heading(outcome)
    )


def time_of(row: dict[str, Any]) -> str:
    """Return since when, until when, or from when until when something was worse; empty: always.

    Args:
        row: One of `Explanation.changes` or of its contrasts.
    """
    _, at, until = incident_of(row)
    if at is None:
        return f"until {wording.short_moment(until)}" if until else ""
    return spell(row) if until else f"since {wording.short_moment(at)}"


def incident_kinds(explained: dict[str, Explanation], *, over: bool | None = None) -> list[dict[str, Any]]:
    """Return the kinds of failure that belong to the groups and days that stand out, each once.

    Args:
        explained: Answer of `explain` for each outcome.
        over: Only of what ended (True) or goes on (False); None: of both.
    """
    found = [*standing_groups(explained), *moved_days(explained)]
    found = [(outcome, row) for outcome, row in found if over is None or is_over(row) == over]
    kinds = [kind for outcome, row in found for kind in explained[outcome].codes_of(row)]
    return list({named(kind): kind for kind in kinds}.values())


def tell_days(explained: dict[str, Explanation], rows: pl.DataFrame | None = None) -> Iterator[Line]:
    """Return since when a level moved, and of a spell what came after it.

    Args:
        explained: Answer of `explain` for each outcome.
        rows: Deployments, to count what came after a spell; None leaves that out.
    """
    for _, row in moved_days(explained):
        over = is_over(row)
        until = f" until {wording.end(row['until'])}" if row["until"] else ""
        after = "" if rows is None else _after(rows, row)
        measure = "median time" if row["measure"] == "total" else f"share {row['measure']}"
        measure = f"of first attempts, {measure}"
        named = are_several(explained) or WHO in json.loads(row["where"])
        whose = f"{heading_of(row)}: " if named else ""
        day = f"{'Until ' if over else ''}{wording.short_moment(row['at'])}{set_in_days(row)}{until}"
        chance = f", {MAY_BE_CHANCE}" if may_be_chance(row) else ""
        yield Line(f"{day}: {whose}{measure} {wording.levels(row, over=over)}{after}{chance}.")
    for one in explained.values():
        for each in one.growth:
            text = each.in_words
            yield Line(f"{wording.capital(text)}.")


def _after(rows: pl.DataFrame, row: dict[str, Any]) -> str:
    """Return how many first attempts failed after a spell of failures; empty where none came."""
    if row["until"] is None or row["measure"] != "failed":
        return ""
    where = Group.parse(row["where"])
    known = spelt_alike(rows, list(where))
    units = first_tries(with_hits(known, "failed"))
    later = units.filter(where.filter(), pl.col("started_at") >= row["until"])
    return f"; after it {share_in_words(int(later['hit'].sum()), later.height)}" if later.height else ""


def tell_hours(explained: dict[str, Explanation]) -> Iterator[Line]:
    """Return at which hours of the day more attempts were hit.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    for outcome, one in explained.items():
        for row in one.hours.head(MOST).iter_rows(named=True):
            text = hours_in_words(row, outcome)
            yield Line(f"{wording.capital(text)}.")


def tell_costs(explained: dict[str, Explanation]) -> Iterator[Line]:
    """Return what groups and days cost, as `explain` counts it: devices hit, time lost, longer waits.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    named = set()
    for outcome, row in apart_from_days(explained):
        named.add(row["where"])
        hit = [f"{wording.count(row['devices'], 'device')} hit"] if row["devices"] else []
        lost = [f"{wording.span(timedelta(minutes=round(row['lost'])))} lost"] if row["lost"] else []
        if hit or lost:
            yield Line(f"{_about(explained, row, outcome)}: {', '.join(hit + lost)}.")
    for outcome, row in moved_days(explained):
        if row["measure"] == "total" and None not in (row["before"], row["after"]):
            longer = timedelta(minutes=abs(row["after"] - row["before"]))
            n = row["n_before"] if is_over(row) else row["n_after"]
            whole = "" if row["where"] in named else f", {wording.span(longer * n)} in all"
            longer_each = f"{wording.span(longer)} longer in each of {n:,}{whole}"
            yield Line(f"{_about(explained, row, outcome)}: {longer_each}.")


def tell_candidates(explained: dict[str, Explanation]) -> Iterator[Line]:
    """Return what was changed near a day on which something moved.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    known = {row["candidate"]: row for _, row in moved_days(explained) if row["candidate"]}
    for candidate, row in known.items():
        yield Line(
            f"Check first what was changed near {wording.short_day(row['at'])}: {candidate} (no cause yet)."
        )


def _chance(row: dict[str, Any]) -> str:
    return wording.by_chance(row["q"])


def tell_counting(explained: dict[str, Explanation]) -> Iterator[Line]:
    """Return how many were counted and how often chance shows as much.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    groups, days = list(apart_from_days(explained)), list(moved_days(explained))
    for outcome, row in groups:
        counted = f"{row['n']:,} first attempts against the rest"
        yield Line(f"{_about(explained, row, outcome)}: {counted}; {_chance(row)}.")
    for outcome, row in days:
        since = f"since {wording.short_moment(row['at'])} against those before"
        time = spell(row) if row["until"] else since
        counted = f"{row['n_after']:,} first attempts {time}"
        yield Line(f"{_about(explained, row, outcome)}: {counted}; {_chance(row)}.")
    if groups or days:
        yield Line(wording.sentence(wording.capital(wording.NOT_CAUSING)))


def tell_unseen(
    explained: dict[str, Explanation], one: dict[str, Any] | None, *, grouped: bool = False
) -> Iterator[Line]:
    """Return why groups could not be compared, and what no deployment tells.

    Args:
        explained: Answer of `explain` for each outcome.
        one: The only attempt there is, or None.
        grouped: Whether an app stands out, so that there are groups: devices with it and without.
    """
    if one:
        yield from not_compared(one, _limits(explained))
        return
    few = next(((outcome, each.few) for outcome, each in explained.items() if each.few), None)
    if few:
        which, why = "hit" if few[0] == "failed" else few[0], few[1]
        yield Line(f"Which groups are {which}: {wording.clause(why)}")
    unseen = (text for text in _limits(explained) if not ((few or grouped) and text.startswith(WHICH_GROUP)))
    yield from (Line(wording.sentence(f"{NOT_TOLD}{text}")) for text in unseen)
    sights = (one.could_see for one in explained.values() if one.could_see and not few)
    absent = dict.fromkeys(sight.lacking for sight in sights if sight.lacking)
    yield from (Line(wording.sentence(f"Not in the export, so not compared: {text}")) for text in absent)


def _limits(explained: dict[str, Explanation]) -> list[str]:
    return list(dict.fromkeys(text for one in explained.values() for text in one.limits))

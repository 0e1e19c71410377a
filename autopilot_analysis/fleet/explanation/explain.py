"""The best explanations at once: which groups differ, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from autopilot_analysis.fleet.deployments.history import with_history
from autopilot_analysis.fleet.deployments.name_parts import with_name_parts
from autopilot_analysis.fleet.deployments.own_columns import with_own_columns
from autopilot_analysis.fleet.deployments.passed import with_passed
from autopilot_analysis.fleet.deployments.user_domains import with_user_domains
from autopilot_analysis.fleet.deployments.windows_builds import with_windows_builds
from autopilot_analysis.fleet.explanation.answers import Answer, answer, contrasts_of
from autopilot_analysis.fleet.explanation.days.changes import CHANGES, change_row, changes_in, with_candidates
from autopilot_analysis.fleet.explanation.days.dating import EPOCH, Dated
from autopilot_analysis.fleet.explanation.days.growth import Growth, growth_of, spans_of
from autopilot_analysis.fleet.explanation.days.one_account import of_one_account
from autopilot_analysis.fleet.explanation.days.spell_hours import in_hours
from autopilot_analysis.fleet.explanation.days.time_of_day import find_hours
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.failures.all_failed import all_failed
from autopilot_analysis.fleet.explanation.failures.failure_kinds import with_reasons
from autopilot_analysis.fleet.explanation.failures.own_codes import OWN_CODES, own_codes
from autopilot_analysis.fleet.explanation.groups.contrasts import group_columns
from autopilot_analysis.fleet.explanation.groups.few import STRETCH
from autopilot_analysis.fleet.explanation.groups.judging import Found
from autopilot_analysis.fleet.explanation.groups.scan import find_groups
from autopilot_analysis.fleet.explanation.groups.shared import material, of_all, windows_of_all
from autopilot_analysis.fleet.explanation.sentences import WITH_THE_DAY
from autopilot_analysis.fleet.explanation.spellings import spelt_alike
from autopilot_analysis.fleet.explanation.units import first_places, with_hits
from autopilot_analysis.fleet.explanation.visibility import could_see, is_grouped, list_limits, too_few
from autopilot_analysis.fleet.frames import polars_of
from autopilot_analysis.groups import Group

WELL_AFTER = timedelta(days=7)
"""A group first seen later than this after the fleet's first day has appeared, not merely been absent."""

CAME, GONE = 0.98, 0.02
"""A value came with a day when more than this share has it from then on, and less than that had it before."""

COUNTED = (
    "device", "user", "started_at", "outcome", "failed_stage", "code", "reason", "total", "day", "value",
    "class", "hit",
)  # fmt: skip
"""What groups and days are counted by, beside the columns that name groups; no other column is copied."""

OF_ATTEMPTS = ("device", "total")
"""Those of them that units, one a journey, are not asked for."""

ASKED = ("failed", "slow")
"""What is asked of a fleet of which nobody says what to explain."""


def explain(
    deployments: pl.DataFrame, *, outcome: str = "failed", candidates: pl.DataFrame | None = None
) -> Explanation:
    """Return which groups differ and since when; correlated, not caused.

    Counted is the first attempt of each journey of a device: what a device does after it failed is no
    independent evidence. Groups are compared with the other attempts of the same days, over the whole time
    and from each day on; what they leave is looked at day by day for a change of the whole fleet, beyond its
    weekly rhythm and its trend, or hour by hour in a report of few days or few units (`days.hours`). Each
    group has its day by likelihood, with the smallest set of days that holds `HELD` of it. A group that came
    late and was like that from its first day moved the mix, not a rate. What grew little by little over
    months is no day: it stands in `growth`. A change of all that is one account's alone, with everybody else
    as before, is told of that account. Attempts that were not seen to end count as not failed where they are
    past the stage in which most of the others failed. Values that differ by case, spaces or dashes alone are
    one group; firmware's placeholders are unknown.

    Args:
        deployments: One attempt a row; polars or pandas.
        outcome: failed, abandoned, or slow (compares durations).
        candidates: What else happened, columns `at` and `what`.

    Raises:
        UnknownName: No such outcome.
    """
    asked = polars_of(deployments)
    asked = with_passed(asked) if outcome == "failed" else asked
    given: pl.DataFrame = with_name_parts(with_user_domains(with_history(asked)))
    given = with_own_columns(with_windows_builds(given))
    limits, few = tuple(list_limits(given, outcome=outcome)), too_few(given, outcome=outcome)
    fleet = _judge(given, outcome)
    groups = _search(fleet)
    left = fleet.dated.filter(*(~each.where.filter() for each in groups.answers))
    moved, growth = _moved_beside(groups, left, fleet)
    moved = of_one_account(moved, fleet.dated, fleet.measure)
    of_all = pl.col("where") == Group().to_json()
    whole, of_one = moved.filter(of_all), moved.filter(~of_all)
    answers = [*groups.answers, *_came_with(whole, left, fleet.names, fleet.measure)]
    contrasts = contrasts_of(answers, fleet.compared, fleet.attempts, fleet.names, outcome)
    contrasts = _noted(contrasts, answers)
    whole = in_hours(whole, fleet.dated, fleet.measure)
    moved = pl.concat([each.select(list(CHANGES)) for each in (whole, of_one)])
    changes = pl.concat([moved, _of_groups(answers, fleet.dated, fleet.measure)])
    codes = pl.DataFrame(schema=OWN_CODES)
    if outcome == "failed":
        codes = own_codes(fleet.compared, contrasts, changes)
    hours = _hours_beside(whole, left, answers)
    calm = outcome == "failed" and not (contrasts.height or changes.height or hours.height or growth)
    return Explanation(
        contrasts,
        with_candidates(changes, polars_of(candidates)),
        limits,
        few,
        could_see(fleet.units, fleet.given),
        of_all=min(groups.shared.height, whole.height),
        outcome=outcome,
        codes=codes,
        hours=hours,
        growth=growth,
        grouped=is_grouped(fleet.given),
        all_failed=all_failed(fleet.units) if calm else None,
    )


@dataclass(frozen=True)
class _Judged:
    """Deployments, judged by one outcome.

    Attributes:
        given: All of them, with values that are spelt alike made one.
        names: Columns that name groups.
        measure: What is judged.
        attempts: Those that can be judged, later tries of a journey among them.
        units: The first of each journey.
        dated: Units that say when they began.
        compared: What groups are looked for in: these, or all units as of one day where none is dated.
    """

    given: pl.DataFrame
    names: list[str]
    measure: str
    attempts: pl.DataFrame
    units: pl.DataFrame
    dated: pl.DataFrame
    compared: pl.DataFrame


@dataclass(frozen=True)
class _Groups:
    """The groups that differ beside what moved in all."""

    found: list[Found]
    answers: list[Answer]
    """Those of them that count beside what moved in all, each with its day."""
    shared: pl.DataFrame
    """The changes that are of all and explain more than any group does."""


def _judge(given: pl.DataFrame, outcome: str) -> _Judged:
    """Return deployments judged by an outcome: attempts, and the units that are compared."""
    alike = spelt_alike(given, group_columns(given))
    names = group_columns(alike)
    judged = with_hits(with_reasons(alike) if outcome == "failed" else alike, outcome)
    attempts = _compact(judged.select(name for name in judged.columns if name in {*names, *COUNTED}), names)
    units = attempts.drop(OF_ATTEMPTS, strict=False)[first_places(attempts)]
    dated = units.drop_nulls("day")
    compared = dated if dated.height else units.with_columns(day=pl.lit(EPOCH))
    return _Judged(alike, names, "total" if outcome == "slow" else outcome, attempts, units, dated, compared)


def _search(fleet: _Judged) -> _Groups:
    """Return the groups that differ; where all moved, what still differs beside that."""
    moved = changes_in([(Group(), fleet.dated)], fleet.measure)
    parted = _parted(fleet.compared, moved)
    found = find_groups(parted, fleet.names)
    shared = of_all(moved, found, fleet.dated)
    if found and shared.height:
        found = find_groups(parted, fleet.names, known=windows_of_all(shared))
    standing = material(found, shared, fleet.dated)
    return _Groups(found, [answer(each, fleet.compared, fleet.measure) for each in standing], shared)


def _moved_beside(
    groups: _Groups, left: pl.DataFrame, fleet: _Judged
) -> tuple[pl.DataFrame, tuple[Growth, ...]]:
    """Return the days on which all, or what the groups leave, moved; where there are none, what grew."""
    whole = groups.shared
    if groups.found and whole.is_empty():
        whole = changes_in([(Group(), left)], fleet.measure)
    growth: list[Growth] = []
    if all(each.dated is None for each in groups.answers):
        measures = spans_of(fleet.given) if fleet.measure == "total" else (fleet.measure,)
        growth = growth_of(fleet.given, measures, fleet.names)
    if any(each.measure == fleet.measure and each.smooth for each in growth):
        whole = whole.filter(pl.col("until").is_not_null())
    return whole, () if whole.height else tuple(growth)


def _hours_beside(whole: pl.DataFrame, left: pl.DataFrame, answers: list[Answer]) -> pl.DataFrame:
    """Return the hours of the day at which more were hit, spells apart: of what groups leave, and in each."""
    lasting = left.filter(*(~within_days_of(row) for row in whole.iter_rows(named=True) if row["until"]))
    return find_hours([(Group(), lasting), *((each.where, each.rows) for each in answers)])


def within_days_of(row: Mapping[str, Any]) -> pl.Expr:
    """Return which units began in a spell.

    Args:
        row: One of `Explanation.changes`, with an end.
    """
    return pl.col("started_at").is_between(row["at"], row["until"], closed="left")


def explain_outcomes(
    deployments: pl.DataFrame, *, candidates: pl.DataFrame | None = None
) -> dict[str, Explanation]:
    """Return what explains who failed, and what explains who was slow: what findings and answers stand on.

    Args:
        deployments: One attempt a row; polars or pandas.
        candidates: What else happened, columns `at` and `what`.
    """
    return {outcome: explain(deployments, outcome=outcome, candidates=candidates) for outcome in ASKED}


def _parted(units: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """Return units with a number for the hours they began in, of those in which all were at another level."""
    start, within = pl.col("started_at"), pl.lit(0)
    for place, (at, until) in enumerate(moved.select("at", "until").iter_rows()):
        inside = start >= at if until is None else start.is_between(at, until, closed="left")
        within += inside.cast(pl.Int32) * 2**place
    return units.with_columns(within.alias(STRETCH)) if moved.height else units


def _compact(attempts: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Return attempts with the texts that name groups as numbers of a list: much smaller to copy."""
    texts = [name for name in names if attempts.schema[name] == pl.String]
    return attempts.with_columns(pl.col(name).cast(pl.Categorical(pl.Categories.random())) for name in texts)


def _of_groups(answers: list[Answer], units: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Return the change of each group whose rate moved, and the coming of each that came late."""
    rows = []
    for each in answers:
        p = float(np.exp(each.found.log_p))
        if each.dated and each.found.score < np.inf:
            row = change_row(each.where, each.rows, measure, each.dated, each.dated.until, p=p)
        elif each.found.score < np.inf and (came := _appeared(each, units)) is not None:
            row = change_row(each.where, each.rows, measure, came, None, p=p, kind="mix")
        else:
            continue
        rows.append({**row, "q": p})
    return pl.DataFrame(rows, schema=CHANGES)


def _appeared(each: Answer, units: pl.DataFrame) -> Dated | None:
    """Return the first day of a group that came well after the fleet's first day."""
    own, first = each.rows["day"].min(), units["day"].min()
    if own is None or first is None or own - first < WELL_AFTER:  # type: ignore[operator]  # dates
        return None
    return Dated(own, own, own, None, 0.0)  # type: ignore[arg-type]  # a date


def _came_with(whole: pl.DataFrame, units: pl.DataFrame, names: list[str], measure: str) -> list[Answer]:
    """Return the values that all have while all are worse, and nobody had before or has afterwards.

    The days that the change may have come on count for neither side.
    """
    found = []
    worse = whole.filter(pl.col("before") <= pl.col("after")).sort("at")
    begun = whole.filter(pl.col("until").is_null())["at"].sort().to_list()
    for row in worse.iter_rows(named=True):
        end = row["until"] or next((at for at in begun if at > row["at"]), None)
        day, low, high = pl.col("day"), row["at_low"].date(), row["at_high"].date()
        within, others = day >= high, day < low
        if end is not None:
            within &= day < end.date()
        if row["until"] is not None:
            others |= day >= row["until"].date()
        for name in names:
            own = units.filter(within)[name].cast(pl.String).drop_nulls().value_counts(sort=True)
            group = Group.of({name: own[name][0]}) if own.height else Group()
            shares = (units.filter(part).select(group.filter().mean()).item() for part in (within, others))
            after, elsewhere = shares
            if own.height and after > CAME and (elsewhere or 0.0) < GONE:
                found.append(
                    answer(
                        Found(group, None, None, float(np.log(max(row["p"], 1e-300))), np.inf), units, measure
                    )
                )
    return found


def _noted(contrasts: pl.DataFrame, answers: list[Answer]) -> pl.DataFrame:
    """Add to what came with the day of all that it cannot be told apart from the day."""
    notes = [
        "; ".join(filter(None, (note, WITH_THE_DAY))) if each.found.score == np.inf else note
        for note, each in zip(contrasts["note"], answers, strict=True)
    ]
    return contrasts.with_columns(note=pl.Series("note", notes, dtype=pl.String))

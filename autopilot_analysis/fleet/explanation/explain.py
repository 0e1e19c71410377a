"""The best explanations at once: which groups differ, and since when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.deployments.history import with_history
from autopilot_analysis.fleet.deployments.name_parts import with_name_parts
from autopilot_analysis.fleet.deployments.user_domains import with_user_domains
from autopilot_analysis.fleet.explanation.answers import Answer, answer, contrasts_of
from autopilot_analysis.fleet.explanation.days.changes import CHANGES, change_row, changes_in, with_candidates
from autopilot_analysis.fleet.explanation.days.dating import EPOCH, Dated
from autopilot_analysis.fleet.explanation.days.growth import Growth, growth_of, spans_of
from autopilot_analysis.fleet.explanation.days.spell_hours import in_hours
from autopilot_analysis.fleet.explanation.days.time_of_day import HOURS_OF_DAY, find_hours, hours_in_words
from autopilot_analysis.fleet.explanation.failures.failure_kinds import with_reasons
from autopilot_analysis.fleet.explanation.failures.own_codes import (
    INCIDENT,
    OWN_CODES,
    incident_of,
    own_codes,
)
from autopilot_analysis.fleet.explanation.groups.contrasts import group_columns
from autopilot_analysis.fleet.explanation.groups.few import STRETCH
from autopilot_analysis.fleet.explanation.groups.judging import Found
from autopilot_analysis.fleet.explanation.groups.scan import find_groups
from autopilot_analysis.fleet.explanation.groups.shared import material, of_all, windows_of_all
from autopilot_analysis.fleet.explanation.sentences import (
    change_in_words,
    group_in_words,
    no_group,
    own_in_words,
)
from autopilot_analysis.fleet.explanation.spellings import spelt_alike
from autopilot_analysis.fleet.explanation.units import first_places, with_hits
from autopilot_analysis.fleet.explanation.visibility import (
    CouldSee,
    could_see,
    is_grouped,
    list_limits,
    too_few,
)
from autopilot_analysis.fleet.frames import polars_of
from autopilot_analysis.groups import Group

WELL_AFTER = timedelta(days=7)
"""A group first seen later than this after the fleet's first day has appeared, not merely been absent."""

CAME, GONE = 0.98, 0.02
"""A value came with a day when more than this share has it from then on, and less than that had it before."""

COUNTED = (
    "device", "started_at", "outcome", "failed_stage", "code", "reason", "total", "day", "value", "class",
    "hit",
)  # fmt: skip
"""What groups and days are counted by, beside the columns that name groups; no other column is copied."""

OF_ATTEMPTS = ("device", "total")
"""Those of them that units, one a journey, are not asked for."""

ASKED = ("failed", "slow")
"""What is asked of a fleet of which nobody says what to explain."""

WITH_THE_DAY = "came with the day on which all attempts changed: the two cannot be told apart"


@dataclass(frozen=True)
class Explanation:
    """Groups that differ and days on which something moved; both empty when nothing stands out."""

    contrasts: pl.DataFrame
    changes: pl.DataFrame
    limits: tuple[str, ...] = ()
    """What the deployments do not show, see `list_limits`."""
    few: str | None = None
    """Why little or nothing could stand out, when few deployments could be compared."""
    could_see: CouldSee | None = None
    """The smallest effect that would have shown, and what no export brought."""
    of_all: int = 0
    """So many of the first changes are of all and explain more than any group does."""
    outcome: str = "failed"
    """What was asked."""
    codes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OWN_CODES))
    """Codes that belong to a group or a day, see `own_codes`."""
    hours: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HOURS_OF_DAY))
    """Hours of the day at which more were hit, of all or within a group, see `find_hours`."""
    growth: tuple[Growth, ...] = ()
    """What grew over months while no day stands out, see `growth_of`."""
    grouped: bool = True
    """Whether an attribute divides the attempts into groups; where none does, none were compared."""

    @property
    def stands_out(self) -> bool:
        """Whether a group or an hour of the day differs, or something moved on a day."""
        return bool(self.contrasts.height or self.changes.height or self.hours.height)

    @property
    def groups(self) -> pl.DataFrame:
        """The numbers of `contrasts`, each `group` in words."""
        shown = self.contrasts.select(
            "where", "n", "k", "share", "low", "high", "rest_share", "lift", "q", "at", "at_low", "at_high",
            "devices", "lost", "note",
        )  # fmt: skip
        return _in_words(shown)

    @property
    def days(self) -> pl.DataFrame:
        """The numbers of `changes`, each `group` in words."""
        shown = self.changes.select(
            "at", "at_low", "at_high", "until", "where", "kind", "measure", "before", "after", "n_before",
            "n_after", "before_low", "before_high", "after_low", "after_high", "q", "candidate",
        )  # fmt: skip
        return _in_words(shown)

    @property
    def no_group(self) -> str:
        """That no group stands out, or that none were compared."""
        return no_group(self.outcome, grouped=self.grouped)

    @property
    def nothing(self) -> str:
        """What to say when nothing stands out: what was not compared is not called chance."""
        could_see = self.could_see is not None and self.could_see.smallest is not None
        if self.few and not could_see:
            return self.few
        sight = f" {self.could_see.in_words}" if self.could_see and could_see and self.grouped else ""
        if self.growth:
            grown = "; ".join(each.in_words for each in self.growth)
            return f"{self.no_group.removesuffix('.')}, but the {grown}."
        if self.few:
            return f"{self.no_group} {self.few}{sight}"
        if not self.grouped:
            return f"{self.no_group} No day stands out as {self.outcome}."
        return f"No group and no day stands out as {self.outcome}: what differs could be chance.{sight}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists and dictionaries, the best explanation first."""
        instants = pl.col("at", "at_low", "at_high", "complete", "until").dt.to_string("iso:strict")
        contrasts = self.contrasts.with_columns(instants).select(
            "where", "n", "k", "share", "low", "high", "rest_share", "lift", "q", "at", "at_low", "at_high",
            "complete", "until", "devices", "lost", "note",
        )  # fmt: skip
        changes = self.changes.with_columns(instants)
        changes = changes.select(
            "at", "at_low", "at_high", "measure", "where", "before", "after", "n_before", "n_after",
            "before_low", "before_high", "after_low", "after_high", "q", "kind", "until", "complete",
            "candidate",
        )  # fmt: skip
        sight = self.could_see or CouldSee(None, ())
        return {
            "contrasts": _plain(contrasts),
            "changes": _plain(changes),
            "of_all": self.of_all,
            "codes": _plain(self.codes.with_columns(pl.col("at", "until").dt.to_string("iso:strict"))),
            "hours": _plain(self.hours),
            "could_see": sight.to_dict(),
        }

    def in_words(self) -> pl.DataFrame:
        """Return one sentence for each group and each day that stands out."""
        lines = self.answers() or [self.nothing]
        return pl.DataFrame({"verdict": [*lines, *(f"Not told, {each}." for each in self.limits)]})

    def lines(self) -> list[str]:
        """Return the text of `autopilot-analysis explain`: effects first, then what was not in the export."""
        absent = self.could_see.lacking if self.could_see else ""
        beside = [f"not in the export, so not compared: {absent}"] if absent else []
        lines = self.answers()
        lines += [each.in_words for each in self.growth if lines]
        lines += [self.few] if self.few and lines else []
        return [*(lines or [self.nothing]), *(f"not told, {each}" for each in self.limits), *beside]

    def answers(self) -> list[str]:
        """Return one line for each group and each day, what explains most first."""
        groups = [
            group_in_words(row) + own_in_words(self.codes_of(row))
            for row in self.contrasts.iter_rows(named=True)
        ]
        days = [change_in_words(row) + self._own_of_day(row) for row in self.changes.iter_rows(named=True)]
        hours = [hours_in_words(row, self.outcome) for row in self.hours.iter_rows(named=True)]
        return [*days[: self.of_all], *groups, *days[self.of_all :], *hours]

    def _own_of_day(self, row: Mapping[str, Any]) -> str:
        """Return the codes of a day in words, where they do not stand with its group."""
        return own_in_words([] if row["where"] in self.contrasts["where"] else self.codes_of(row))

    def codes_of(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the codes that belong to a group or a day.

        Args:
            row: One of `contrasts` or of `changes`.
        """
        bounds = zip(INCIDENT, incident_of(row), strict=True)
        own = [pl.col(name).eq_missing(pl.lit(bound, OWN_CODES[name])) for name, bound in bounds]
        return self.codes.filter(own).to_dicts()

    def to_json(self) -> str:
        """Return the explanation as JSON, the shape of `autopilot-analysis explain --json`."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)


def _in_words(frame: pl.DataFrame) -> pl.DataFrame:
    groups = [wording.group(json.loads(where)) for where in frame["where"]]
    return frame.with_columns(where=pl.Series(groups, dtype=pl.String)).rename({"where": "group"})


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [{**row, "where": json.loads(row["where"])} for row in frame.iter_rows(named=True)]


def explain(
    deployments: pl.DataFrame, *, outcome: str = "failed", candidates: pl.DataFrame | None = None
) -> Explanation:
    """Return which groups differ and since when; correlated, not caused.

    Counted is the first attempt of each journey of a device: what a device does after it failed is no
    independent evidence. Groups are compared with the other attempts of the same days, over the whole time
    and from each day on; what they leave is looked at day by day for a change of the whole fleet, beyond its
    weekly rhythm and its trend, or hour by hour in a report of at most 14 days or fewer than 60 units. Each
    group has its day by likelihood, with the smallest set of days that holds `HELD` of it. A group that came
    late and was like that from its first day moved the mix, not a rate. What grew little by little over
    months is no day: it stands in `growth`.
    Values that differ by case, spaces or dashes alone are one group; firmware's placeholders are unknown.

    Args:
        deployments: One attempt a row; polars or pandas.
        outcome: failed, abandoned, or slow (compares durations).
        candidates: What else happened, columns `at` and `what`.

    Raises:
        UnknownName: No such outcome.
    """
    given: pl.DataFrame = with_name_parts(with_user_domains(with_history(polars_of(deployments))))
    limits, few = tuple(list_limits(given, outcome=outcome)), too_few(given, outcome=outcome)
    measure = "total" if outcome == "slow" else outcome
    given = spelt_alike(given, group_columns(given))
    names = group_columns(given)
    judged = with_hits(with_reasons(given) if outcome == "failed" else given, outcome)
    attempts = _compact(judged.select(name for name in judged.columns if name in {*names, *COUNTED}), names)
    units = attempts.drop(OF_ATTEMPTS, strict=False)[first_places(attempts)]
    dated = units.drop_nulls("day")
    compared = dated if dated.height else units.with_columns(day=pl.lit(EPOCH))
    moved = changes_in([(Group(), dated)], measure)
    parted = _parted(compared, moved)
    found = find_groups(parted, names)
    shared = of_all(moved, found, dated)
    if found and shared.height:
        found = find_groups(parted, names, known=windows_of_all(shared))
    answers = [answer(each, compared, measure) for each in material(found, shared, dated)]
    left = dated.filter(*(~each.where.filter() for each in answers))
    whole = changes_in([(Group(), left)], measure) if found and shared.is_empty() else shared
    growth: list[Growth] = []
    if all(each.dated is None for each in answers):
        growth = growth_of(given, spans_of(given) if outcome == "slow" else (measure,), names)
    if any(each.measure == measure and each.smooth for each in growth):
        whole = whole.filter(pl.col("until").is_not_null())
    if whole.height:
        growth = []
    answers += _came_with(whole, left, names, measure)
    contrasts = contrasts_of(answers, compared, attempts, names, outcome)
    contrasts = _noted(contrasts, answers)
    whole = in_hours(whole, dated, measure)
    changes = pl.concat([whole.select(list(CHANGES)), _of_groups(answers, dated, measure)])
    sight = could_see(units, given)
    codes = own_codes(compared, contrasts, changes) if outcome == "failed" else pl.DataFrame(schema=OWN_CODES)
    changes = with_candidates(changes, polars_of(candidates))
    lasting = left.filter(*(~within_days_of(row) for row in whole.iter_rows(named=True) if row["until"]))
    hours = find_hours([(Group(), lasting), *((each.where, each.rows) for each in answers)])
    all_first = min(shared.height, whole.height)
    grown = tuple(growth)
    return Explanation(
        contrasts, changes, limits, few, sight, all_first, outcome, codes, hours, grown, is_grouped(given)
    )


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

"""The best explanations at once: which groups differ, and since when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.changes import (
    appearance,
    best_cut,
    changes_in,
    judged,
    with_candidates,
)
from autopilot_analysis.fleet.explanation.contrasts import (
    SUPPORT,
    group_columns,
    holds_within,
    measure_contrasts,
)
from autopilot_analysis.fleet.explanation.units import first_tries
from autopilot_analysis.fleet.explanation.visibility import list_untold, too_few
from autopilot_analysis.fleet.frames import columns_of, polars_of
from autopilot_analysis.fleet.measures.rates import ENDED

SAME_INCIDENT = timedelta(days=3)
"""Changes this near to a surer one are the same event seen in another group."""

SHARPEN_WITHIN = timedelta(days=7)
MOST_SERIES = 60
MOST_INCIDENTS = 5
NEARLY = 0.85
"""A simpler explanation is preferred when it reaches this share of the best."""

WELL_AFTER = timedelta(days=7)
"""A group first seen later than this after the fleet's first day has appeared, not merely been absent."""

LEAST_FACTOR = {"share": 1.25, "minutes": 1.1}
"""Levels that moved by less are no explanation."""


@dataclass(frozen=True)
class Explanation:
    """Groups that differ and days on which something moved; both empty when nothing stands out."""

    contrasts: pl.DataFrame
    changes: pl.DataFrame
    untold: tuple[str, ...] = ()
    """What the deployments do not tell, see `list_untold`."""
    few: str | None = None
    """Why nothing could stand out, when too few deployments could be compared."""

    @property
    def groups(self) -> pl.DataFrame:
        """The numbers of `contrasts`, each `group` in words."""
        told = self.contrasts.select(
            "where", "n", "k", "share", "low", "high", "rest_share", "lift", "q", "note"
        )
        return _in_words(told)

    @property
    def days(self) -> pl.DataFrame:
        """The numbers of `changes`, each `group` in words."""
        told = self.changes.select(
            "at", "until", "where", "measure", "before", "after", "n_after", "q", "candidate"
        )
        return _in_words(told)

    @property
    def nothing(self) -> str:
        """What to say when nothing stands out: too little to compare is another answer than no difference."""
        return self.few or "No group and no day stands out: what differs is no more than chance would show."

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Return plain lists and dictionaries, the best explanation first."""
        contrasts = self.contrasts.select(
            "where", "n", "k", "share", "low", "high", "rest_share", "lift", "q", "note"
        )
        changes = self.changes.with_columns(pl.col("at", "until").dt.to_string("iso:strict"))
        changes = changes.select(
            "at", "measure", "where", "before", "after", "q", "kind", "until", "candidate"
        )
        return {"contrasts": _plain(contrasts), "changes": _plain(changes)}

    def in_words(self) -> pl.DataFrame:
        """Return one sentence for each group and each day that stands out."""
        said = [_group_in_words(row) for row in self.contrasts.iter_rows(named=True)]
        said += [_change_in_words(row) for row in self.changes.iter_rows(named=True)]
        said = said or [self.nothing]
        return pl.DataFrame({"verdict": [*said, *(f"Not told, {each}." for each in self.untold)]})

    def to_json(self) -> str:
        """Return the explanation as JSON, the shape of `autopilot-analysis explain --json`."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)


def _group_in_words(row: dict[str, Any]) -> str:
    share, low, high = (wording.percent(row[name]) for name in ("share", "low", "high"))
    here = f"{row['k']:,} of {row['n']:,} ({share}, {low} to {high})"
    rest = "" if row["rest_share"] is None else f" against {wording.percent(row['rest_share'])} of the rest"
    note = f"; {row['note']}" if row["note"] else ""
    return f"{wording.group(json.loads(row['where']))}: {here}{rest}, {row['lift']:.1f} times as often{note}"


def _change_in_words(row: dict[str, Any]) -> str:
    days = f"{row['at']:%d %B %Y}" + (f" until {row['until']:%d %B %Y}" if row["until"] else "")
    near = f"; changed nearby: {row['candidate']}" if row["candidate"] else ""
    group = wording.group(json.loads(row["where"]))
    return f"{group}, from {days}: {row['measure']} {wording.levels(row)}{near}"


def _in_words(frame: pl.DataFrame) -> pl.DataFrame:
    groups = [wording.group(json.loads(where)) for where in frame["where"]]
    return frame.with_columns(where=pl.Series(groups, dtype=pl.String)).rename({"where": "group"})


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [{**row, "where": json.loads(row["where"])} for row in frame.iter_rows(named=True)]


def explain(
    deployments: pl.DataFrame, *, outcome: str = "failed", candidates: pl.DataFrame | None = None
) -> Explanation:
    """Return which groups differ and since when; correlated, not caused.

    Changes are looked for in all attempts together, in every contrast, and in every value of the attributes
    with enough attempts; the attempts that one change explains are taken away before the next is looked for.
    A group that was bad from its first day has that day as its change. A spell that explains
    the whole fleet is left out of the contrasts, so that a bad day is not blamed on who was there that day;
    after a day that changed the whole fleet for good, groups must differ from others of the same time.

    Counted is the first attempt of each journey of a device: what a device does after it failed is no
    independent evidence.

    Args:
        deployments: One attempt a row; polars or pandas.
        outcome: failed, abandoned, or slow (compares durations).
        candidates: What else happened, columns `at` and `what`.

    Raises:
        UnknownName: No such outcome.
    """
    given: pl.DataFrame = polars_of(deployments)
    untold = tuple(list_untold(given, outcome=outcome))
    few = too_few(given, outcome=outcome)
    frame = first_tries(given.filter(pl.col("outcome").cast(pl.String).is_in(ENDED)))
    contrasts = measure_contrasts(frame, target=outcome)
    measure = "total" if outcome == "slow" else outcome
    changes = _incidents(judged(frame, measure), contrasts, measure)
    spells = changes.filter(pl.col("where") == "{}", pl.col("kind") == "short")
    if spells.height and contrasts.height:
        contrasts = measure_contrasts(_outside(frame, spells), target=outcome)
    lasting = changes.filter(pl.col("where") == "{}", pl.col("kind") == "lasting")["at"].to_list()
    if lasting and contrasts.height:
        contrasts = holds_within(frame, contrasts, lasting, target=outcome)
        changes = changes.filter((pl.col("kind") != "appeared") | pl.col("where").is_in(contrasts["where"]))
    changes = with_candidates(changes, polars_of(candidates))
    return Explanation(contrasts, changes, untold, few)


def _series(rows: pl.DataFrame, contrasts: pl.DataFrame) -> list[tuple[dict[str, str], pl.DataFrame]]:
    """Return all attempts, those of each contrast, and those of each single value, each as a series."""
    series: list[tuple[dict[str, str], pl.DataFrame]] = [({}, rows)]
    for text in contrasts["where"]:
        where: dict[str, str] = json.loads(text)
        series.append((where, rows.filter(_inside(where))))
    known = [where for where, _ in series]
    for name in group_columns(rows):
        counts = rows[name].cast(pl.String).drop_nulls().value_counts(sort=True)
        for value, count in counts.iter_rows():
            if (
                2 * SUPPORT <= count < rows.height
                and {name: value} not in known
                and len(series) < MOST_SERIES
            ):
                series.append(({name: value}, rows.filter(pl.col(name).cast(pl.String) == value)))
    return series


def _inside(where: dict[str, str]) -> pl.Expr:
    return pl.all_horizontal([pl.col(name).cast(pl.String) == value for name, value in where.items()])


def _incidents(rows: pl.DataFrame, contrasts: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Return changes one incident at a time: the surest, then the same without the attempts it explains."""
    factor = LEAST_FACTOR["share" if measure in ENDED else "minutes"]
    moved = pl.max_horizontal("before", "after") >= factor * pl.min_horizontal("before", "after")
    found: list[pl.DataFrame] = []
    while len(found) < MOST_INCIDENTS:
        changes = changes_in(_series(rows, contrasts), measure).filter(moved)
        changes = pl.concat([changes, _appeared(rows, contrasts, measure, changes)])
        for one in found:
            changes = changes.filter((pl.col("at") - one["at"][0]).abs() > SAME_INCIDENT)
        if not changes.height:
            break
        surest = _sharpened(rows, _widest(changes.sort("gain", descending=True)))
        found.append(surest)
        rows = rows.filter(~_explained(surest))
    return pl.concat(found) if found else changes_in([], measure)


def _widest(changes: pl.DataFrame) -> pl.DataFrame:
    """Return the surest change, or the same one of the whole fleet when that is nearly as sure."""
    surest = changes.head(1)
    same = (pl.col("at") - surest["at"][0]).abs() <= SAME_INCIDENT
    everywhere = changes.filter(same, pl.col("where") == "{}", pl.col("gain") >= NEARLY * surest["gain"][0])
    return everywhere.head(1) if everywhere.height else surest


def _sharpened(rows: pl.DataFrame, change: pl.DataFrame) -> pl.DataFrame:
    """Return a lasting change of failures with its day set by the one code that grew most.

    Ordinary failures of other codes just before the day would pull it forward.
    """
    if (
        change["kind"].item() != "lasting"
        or change["measure"].item() != "failed"
        or "code" not in rows.columns
    ):
        return change
    where: dict[str, str] = json.loads(change["where"].item())
    inside = rows.filter(_inside(where)) if where else rows
    after = pl.col("started_at") >= change["at"].item()
    shares = (
        inside.filter(pl.col("value") == 1)
        .group_by("code")
        .agg(
            (
                after.sum() / change["n_after"].item() - (~after).sum() / max(change["n_before"].item(), 1)
            ).alias("grew")
        )
    )
    code = shares.drop_nulls("code").sort("grew", "code", descending=[True, False])["code"].head(1)
    if not code.len():
        return change
    own = ((pl.col("code") == code.item()) & (pl.col("value") == 1)).fill_null(value=False).cast(pl.Float64)
    day = best_cut(inside.with_columns(own.alias("value")), change["at"].item(), within=SHARPEN_WITHIN)
    return (
        change if day is None else change.with_columns(pl.lit(day).cast(pl.Datetime("us", "UTC")).alias("at"))
    )


def _explained(change: pl.DataFrame) -> pl.Expr:
    """Tell which attempts a change explains: those of its group, or of its days when it is everywhere."""
    where: dict[str, str] = json.loads(change["where"][0])
    if where:
        return _inside(where).fill_null(value=False)
    at, until = change["at"].item(), change["until"].item()
    after: pl.Expr = pl.col("started_at") >= at
    return after if until is None else after & (pl.col("started_at") < until)


def _appeared(
    rows: pl.DataFrame, contrasts: pl.DataFrame, measure: str, changes: pl.DataFrame
) -> pl.DataFrame:
    """Return, for contrasts that did not exist at first and did not change since, the day they appeared."""
    found = []
    for text, q, score in contrasts.select("where", "q", "score").iter_rows():
        inside = rows.filter(_inside(json.loads(text)))
        if not inside.height or changes.filter(pl.col("where") == text).height:
            continue
        day = inside.select(pl.col("day").min()).item()
        before = rows.filter(pl.col("day") < day)
        if before.height < SUPPORT or day - before.select(pl.col("day").min()).item() < WELL_AFTER:
            continue
        found.append(appearance(text, day, before["value"], inside["value"], measure, q=q, gain=score))
    return pl.concat([changes.clear(), *found])


def _outside(frame: pl.DataFrame, spells: pl.DataFrame) -> pl.DataFrame:
    """Leave out the attempts that began during a spell."""
    columns_of(frame, (), "started_at")
    within = [
        pl.col("started_at").is_between(at, until, closed="left")
        for at, until in spells.select("at", "until").rows()
    ]
    return frame.filter(~pl.any_horizontal(within).fill_null(value=False))

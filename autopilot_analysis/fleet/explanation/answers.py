"""What an answer says of a group: how many, how sure, since when, on how many devices, how many minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.explanation.days.dating import Dated, date_episode
from autopilot_analysis.fleet.explanation.groups.contrasts import CONTRAST, not_told_apart
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT
from autopilot_analysis.fleet.explanation.groups.judging import Found
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.intervals import share_columns, share_in_words
from autopilot_analysis.groups import Group

MOVED = 3.0
"""A group's rate moved when a change on some day is that much likelier than none, in log-likelihood."""

ALIKE = 0.9
"""A value that this share of a group has, and less than half of the others, goes with the group."""

CONTRASTS: dict[str, pl.DataType | type[pl.DataType]] = {
    **CONTRAST,
    "at": pl.Datetime("us", "UTC"),
    "at_low": pl.Datetime("us", "UTC"),
    "at_high": pl.Datetime("us", "UTC"),
    "complete": pl.Datetime("us", "UTC"),
    "until": pl.Datetime("us", "UTC"),
    "devices": pl.Int64,
    "lost": pl.Float64,
}


@dataclass(frozen=True)
class Answer:
    """A group that differs, with the day from which it does.

    Attributes:
        found: The group as the scan found it.
        rows: Its units.
        dated: Its likeliest day; None where it did not move.
    """

    found: Found
    rows: pl.DataFrame
    dated: Dated | None

    @property
    def where(self) -> Group:
        """The group itself."""
        return self.found.where

    @property
    def since(self) -> Dated | None:
        """The day on which it got worse; None where it did so before its first attempt, or never."""
        return None if self.dated is None or self.dated.fell else self.dated


def answer(found: Found, units: pl.DataFrame, measure: str) -> Answer:
    """Return a group with its units and its day.

    Args:
        found: What the scan found.
        units: All units.
        measure: What was judged.
    """
    rows = units.filter(found.where.filter())
    dated = date_episode(rows, measure)
    earlier = pl.col("day").to_physical() < (found.first or 0)
    within = found.end is None and rows.filter(earlier).height >= SUPPORT
    moved = dated is not None and (within or dated.gain > MOVED or dated.complete is not None)
    return Answer(found, rows, dated if moved else None)


def contrasts_of(
    answers: list[Answer], units: pl.DataFrame, attempts: pl.DataFrame, names: list[str], outcome: str
) -> pl.DataFrame:
    """Return the answers in the shape of `measure_contrasts`, with `at` and its set, `devices` and `lost`.

    Args:
        answers: The best first.
        units: All units, `hit` among them.
        attempts: All attempts that were judged, later tries of a journey among them, `hit` among them.
        names: Columns that name groups.
        outcome: What was asked.
    """
    rows = [_row(each, units, attempts, names, outcome) for each in answers]
    frame = pl.DataFrame(rows, schema=CONTRASTS)
    rest = pl.when(pl.col("rest_n") > 0).then(pl.col("rest_k") / pl.col("rest_n")).alias("rest_share")
    return frame.with_columns(*share_columns(), rest).select(
        "where",
        "conditions",
        "n",
        "k",
        "share",
        "low",
        "high",
        "rest_n",
        "rest_k",
        "rest_share",
        *list(CONTRASTS)[6:],
    )


def _row(
    each: Answer, units: pl.DataFrame, attempts: pl.DataFrame, names: list[str], outcome: str
) -> dict[str, Any]:
    n, k = each.rows.height, int(each.rows["hit"].sum())
    rest_n, rest_k = units.height - n, int(units["hit"].sum()) - k
    dated = each.since
    devices, lost = cost(attempts.filter(each.where.filter()), dated.at if dated else None, outcome)
    return {
        "where": each.where.to_json(),
        "conditions": len(each.where),
        "n": n,
        "k": k,
        "rest_n": rest_n,
        "rest_k": rest_k,
        **AgainstRest(k, n, rest_k, rest_n).lift,
        "p": float(np.exp(each.found.log_p)),
        "q": float(np.exp(each.found.log_p)),
        "support": n / units.height,
        "score": each.found.score,
        "note": alternatives(each.where, units, names, within_days(dated, _until(each))),
        "at": instant(dated.at) if dated else None,
        "at_low": instant(dated.low) if dated else None,
        "at_high": instant(dated.high) if dated else None,
        "complete": instant(dated.complete) if dated else None,
        "until": instant(_until(each)),
        "devices": devices,
        "lost": lost,
    }


def _until(each: Answer) -> date | None:
    """Return the day from which a group is no longer worse; None where it still is."""
    if each.dated is None:
        return None
    return each.dated.at if each.dated.fell else each.dated.until


def instant(day: date | None) -> datetime | None:
    """Return the start of a day in UTC.

    Args:
        day: None stays None.
    """
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def cost(attempts: pl.DataFrame, since: date | None, outcome: str) -> tuple[int | None, float | None]:
    """Return how many devices were hit, and how many minutes were lost; None where the export has neither.

    Lost are the minutes of attempts that came to nothing; of slow ones what they took beyond the median of
    all attempts of the group that were not slow.

    Args:
        attempts: Those of a group, `hit` among them, later tries of a journey too.
        since: From which day on.
        outcome: What was asked.
    """
    hit = attempts.filter(pl.col("hit") > 0)
    if since is not None:
        hit = hit.filter(pl.col("day") >= since)
    devices = hit["device"].drop_nulls().n_unique() if "device" in hit.columns else None
    minutes = hit.select((pl.col("total").dt.total_microseconds() / 60e6).alias("minutes"))["minutes"]
    if not minutes.count():
        return devices, None
    if outcome != "slow":
        return devices, round(float(minutes.filter(minutes >= 0).sum()), 1)
    usual = attempts.filter(pl.col("hit") == 0)["value"].median()
    beyond = minutes - (float(usual) if isinstance(usual, (int, float)) else 0.0)
    return devices, round(float(beyond.clip(lower_bound=0).sum()), 1)


def within_days(since: Dated | None, until: date | None) -> pl.Expr:
    """Return which units began in the days in which a group was worse; all where it always was.

    Args:
        since: Its first day.
        until: The day after its last.
    """
    day = pl.col("day")
    after = day >= since.at if since else pl.lit(value=True)
    return after & (day < until) if until else after


def alternatives(
    where: Group, units: pl.DataFrame, names: list[str], days: pl.Expr | None = None
) -> str | None:
    """Name the values that nearly all of a group has and few others have: data cannot tell them apart.

    Where others have such a value and do not fail clearly less, they are counted beside it.

    Args:
        where: The group.
        units: All units.
        names: Columns that name groups.
        days: Which units began in the days in which the group was worse; None: all.
    """
    compared = units if days is None else units.filter(days)
    inside = units.select(where.filter().alias("inside"))["inside"]
    size = int(inside.sum())
    beside = []
    for name in names:
        if name in where or not (known := units[name].filter(inside).drop_nulls()).len():
            continue
        value, same = known.cast(pl.String).value_counts(sort=True, name="times").row(0)
        elsewhere = int((units[name].cast(pl.String) == value).sum()) - same
        rare = elsewhere < 0.5 * (units.height - size)
        if same >= ALIKE * size and rare and (alike := _alike_beside(where, name, value, compared)):
            n, k = alike
            others = f" (of its others {share_in_words(k, n)})" if n else ""
            beside.append(f"{wording.group({name: value})}{others}")
    return not_told_apart(beside)


def _alike_beside(where: Group, name: str, value: str, units: pl.DataFrame) -> tuple[int, int] | None:
    """Return how many others a value holds and their hits, put in place of a condition of a group.

    None where it holds, in place of any condition, others that do clearly better: it is told apart by them.
    The exact test holds for others of any number.
    """
    own = units.filter(where.filter())
    for dropped in where:
        instead = Group.of({**{key: each for key, each in where.items() if key != dropped}, name: value})
        either = units.filter(instead.filter() | where.filter())
        hits = int(own["hit"].sum())
        rest_n, rest_k = either.height - own.height, int(either["hit"].sum()) - hits
        if not rest_n or AgainstRest(hits, own.height, rest_k, rest_n).chance >= FALSE_DISCOVERY:
            return rest_n, rest_k
    return None

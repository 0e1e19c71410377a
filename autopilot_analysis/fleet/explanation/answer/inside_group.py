"""What parts a group that stands out once more: a value with which nearly all of its failures are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.explanation.failures.own_codes import incident_of, within_incident
from autopilot_analysis.fleet.explanation.groups.contrasts import group_columns
from autopilot_analysis.fleet.explanation.groups.counting import LEAST_HITS
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.spellings import spelt_alike
from autopilot_analysis.fleet.explanation.units import first_tries, with_hits
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.groups import Group

LEAST_SIDE = 8
"""A value parts a group when so many of it have the value, and so many another one in the same days."""
CARRIED = 0.9
"""A value parts a group when at least this share of the group's failures have it."""


@dataclass(frozen=True)
class Inside:
    """A value that parts a group: k of the n with it failed, of the group's others `rest_k` of `rest_n`."""

    name: str
    value: str
    n: int
    k: int
    rest_n: int
    rest_k: int
    p: float

    @property
    def in_words(self) -> str:
        """Both shares, as a sentence."""
        here, there = share_in_words(self.k, self.n), share_in_words(self.rest_k, self.rest_n)
        return (
            f"Inside it, with {wording.group({self.name: self.value})} {here} failed, of its others {there}"
        )

    @property
    def in_short(self) -> str:
        """Both shares, as the first line names them."""
        here, there = wording.percent(self.k / self.n, 0), wording.percent(self.rest_k / self.rest_n, 0)
        return f"inside it with {wording.group({self.name: self.value})} {here}, of its others {there}"


def inside_of(rows: pl.DataFrame, row: Mapping[str, Any]) -> Inside | None:
    """Return the value that parts a group's failures from its others, None where none does surely.

    The value must do so in the days of its own failures, as one that only follows the calendar does not, and
    must not fail alike outside the group: it would be the group itself.

    Args:
        rows: Deployments.
        row: A group of `Explanation.contrasts`, compared by what failed.
    """
    where = Group.parse(row["where"])
    if not set(where) <= set(rows.columns):
        return None
    names = [name for name in group_columns(rows) if name not in where]
    units = first_tries(with_hits(spelt_alike(rows, [*where, *names]), "failed"))
    at, until = incident_of(row)[1:]
    units = units.filter(within_incident(Group().to_json(), at, until))
    own = units.filter(where.filter())
    found = [each for name in names for each in _parting(name, own, units.filter(~where.filter()))]
    best = min(found, key=lambda each: each.p, default=None)
    return best if best is not None and best.p * len(names) < FALSE_DISCOVERY else None


def _parting(name: str, own: pl.DataFrame, outside: pl.DataFrame) -> Iterator[Inside]:
    """Yield the value of a column that most failures of a group have, with how often chance shows as much."""
    known = own.select("started_at", "hit", value=pl.col(name).cast(pl.String)).drop_nulls("value")
    hits = known.filter(pl.col("hit") > 0)
    if hits.is_empty():
        return
    value = hits["value"].mode(maintain_order=True)[0]
    mine = pl.col("value") == value
    k = hits.filter(mine).height
    days = hits.filter(mine)["started_at"]
    together = pl.col("started_at").is_between(days.min(), days.max()).fill_null(value=True)
    n, others = known.filter(mine).height, known.filter(~mine, together)
    rest_k = int(others["hit"].sum())
    if k < max(LEAST_HITS, CARRIED * int(own["hit"].sum())) or min(n, others.height) < LEAST_SIDE:
        return
    p = AgainstRest(k, n, rest_k, others.height).chance * known["value"].n_unique()
    same = outside.filter(pl.col(name).cast(pl.String) == value)
    beside = AgainstRest(k, n, int(same["hit"].sum()), same.height).chance if same.height else 0.0
    rest = known.filter(~mine)
    yield Inside(name, value, n, k, rest.height, int(rest["hit"].sum()), max(p, beside))

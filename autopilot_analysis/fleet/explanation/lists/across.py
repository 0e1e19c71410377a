"""Groups of devices on which several apps or scripts fail at once: what these share is no single app."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.service.item_states import OF_SEVERAL, kinds_of_items
from autopilot_analysis.fleet.deployments.identities import ADDED
from autopilot_analysis.fleet.explanation.lists.differences import Difference, what_differs
from autopilot_analysis.fleet.explanation.lists.questions import Question
from autopilot_analysis.groups import Group

LEAST_ITEMS = 2
"""A group is of several items when so many, and more than half of all, fail more often in it."""
MORE_OFTEN = 2.0
"""An item fails more often in a group when its share there is so many times that of the other devices."""
MOST_NAMED = 4
"""So many of the items are named."""
NOT_ONE = (
    "These fail more often there: {}. That points to what the devices share, such as their network, rather "
    "than to one of them."
)


def across_items(asked: Sequence[Question], found: Sequence[Difference]) -> list[Difference]:
    """Return what comparing items shows, with the groups in which several fail told once for all of them.

    A group in which one item alone fails stays with that item.

    Args:
        asked: The questions on items.
        found: What comparing showed of each by itself.
    """
    items = [one for one in asked if one.subject[0] == "item"]
    if len(items) < LEAST_ITEMS:
        return list(found)
    pooled = _pooled(items)
    units = pooled.grouped_units
    shared = [
        _of_several(one, raised)
        for one in what_differs(pooled, len(items) + 1)
        if (where := _group_of(one))
        and len(raised := _raised(items, units.filter(Group.of(where).filter())["device"])) >= LEAST_ITEMS
        if 2 * len(raised) > len(items)
    ]
    groups = [_group_of(one) for one in shared]
    own = {one.subject for one in items}
    left = [one for one in found if one.subject not in own or _group_of(one) not in groups]
    return [*shared, *left]


def _pooled(items: Sequence[Question]) -> Question:
    """Return the question on which devices at least one of some items failed; a device is one unit."""
    bad = pl.col("outcome") == "failed"
    first = [pl.col(name).drop_nulls().first() for name in (*ADDED, "user", "name")]
    rows = pl.concat(one.units for one in items).group_by("device", maintain_order=True)
    units = rows.agg(
        *first,
        started_at=pl.coalesce(pl.col("started_at").filter(bad).min(), pl.col("started_at").min()),
        outcome=pl.when(bad.any()).then(pl.lit("failed")).otherwise(pl.lit("succeeded")),
    )
    name = f"{OF_SEVERAL} {wording.count(len(items), _noun(items))}"
    return Question(items[0].subject, name, units, units.filter(bad))


def _noun(items: Sequence[Question]) -> str:
    kinds = {kinds_of_items().get(report) for one in items for report in one.rows["report"].unique()}
    kind = kinds.pop() if len(kinds) == 1 else None
    return wording.words(kind) if kind else "item"


def _group_of(one: Difference) -> dict[str, str]:
    """Return the group that a difference names, without what failed in it; empty where it names none."""
    if one.contrast is None:
        return {}
    return {name: value for name, value in json.loads(one.contrast["where"][0]).items() if name != "failed"}


def _raised(items: Sequence[Question], devices: pl.Series) -> list[Question]:
    """Return the items that fail more often on the devices of a group than on the others."""
    bad = pl.col("outcome") == "failed"
    mine = pl.col("device").is_in(devices.implode())
    raised = []
    for one in items:
        here, there = (one.units.filter(part).select(bad.mean()).item() for part in (mine, ~mine))
        if here and there is not None and here >= MORE_OFTEN * there:
            raised.append(one)
    return raised


def _of_several(one: Difference, raised: Sequence[Question]) -> Difference:
    """Return a difference with the items that it is of."""
    named = wording.listed([item.name for item in raised], MOST_NAMED)
    meaning = f"{NOT_ONE.format(named)} {one.finding['meaning']}"
    return replace(one, finding={**one.finding, "meaning": meaning})

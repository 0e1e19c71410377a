"""Which other policy stands where one is in conflict: as a rule the second that sets the same setting."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.state_words import CONFLICT
from autopilot_analysis.findings.service.item_states import (
    CAME_TO,
    kinds_of_items,
    name_of_item,
    with_outcomes,
)
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.explanation.fleet_findings import of_fleet
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.lists.across import MORE_OFTEN
from autopilot_analysis.fleet.explanation.lists.differences import MOSTLY, Difference
from autopilot_analysis.fleet.explanation.lists.left_out import SKIPPED
from autopilot_analysis.fleet.explanation.lists.questions import Question
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.tables.items import POLICY

MOST_NAMED = 3
"""So many policies that stand on the very same devices are named."""
SECOND = (
    "A conflict needs two policies that set one setting, and this one stands where the conflict is. That "
    f"both set it, {wording.LIST_SILENT}."
)
ONE_OF_BOTH = (
    "Compare {own} with {other} on one of these devices, and leave the setting to one of them: take it out "
    "of the other, or the devices out of its assignment"
)


@dataclass(frozen=True)
class Pair:
    """A policy in conflict, and another that some of its devices have.

    Attributes:
        question: On which devices the first is in conflict.
        other: The name of the second.
        counts: Conflicts on the devices that have both, against those on devices with the first alone.
    """

    question: Question
    other: str
    counts: AgainstRest

    @property
    def stands_out(self) -> bool:
        """Whether most of the conflicts are where the second is, and clearly more often than elsewhere."""
        k, n, rest_k, rest_n = self.counts
        often = k >= LEAST_HITS_OF_FEW and k > MOSTLY * (k + rest_k)
        return often and k * rest_n >= MORE_OFTEN * rest_k * n


def companions_asked(items: Sequence[Question], statuses: pl.DataFrame) -> list[Pair]:
    """Return each policy in conflict with each other that some of its devices have and others have not.

    Args:
        items: What `questions_of_items` returned.
        statuses: The table `item_statuses`.
    """
    conflicts = [one for one in items if one.subject[0] == CONFLICT]
    if not conflicts:
        return []
    of_policies = [report for report, kind in kinds_of_items().items() if kind == POLICY]
    rows = with_outcomes(statuses.filter(pl.col("report").is_in(of_policies)))
    rows = rows.filter(pl.col(CAME_TO).ne_missing(SKIPPED)).with_columns(whose=_whose("computer"))
    having = {
        (str(item), str(name)): (name_of_item(own.row(0, named=True)), own["whose"].drop_nulls().unique())
        for (item, name), own in rows.partition_by("item", "name", as_dict=True, maintain_order=True).items()
    }
    return [
        pair
        for one in conflicts
        for key, (name, devices) in having.items()
        if key != one.subject[1:]
        if (pair := _pair(one, name, devices)).counts.n and pair.counts.rest_n
    ]


def _whose(name: str) -> pl.Expr:
    """Return by what a device is known in the rows of several policies: its name, else its id."""
    return pl.coalesce(pl.col(name).str.to_uppercase(), "device")


def _pair(one: Question, other: str, devices: pl.Series) -> Pair:
    bad, with_it = pl.col("outcome") == "failed", _whose("name").is_in(devices.implode())
    k, n, hits = one.units.select(
        (bad & with_it).sum(), with_it.sum().alias("n"), bad.sum().alias("all")
    ).row(0)
    return Pair(one, other, AgainstRest(k, n, hits - k, one.units.height - n))


def with_companions(items: Sequence[Question], pairs: Sequence[Pair], asked: int) -> Iterator[Difference]:
    """Yield for each policy in conflict the others that stand where it is in conflict, the surest alone.

    Args:
        items: What `questions_of_items` returned.
        pairs: What `companions_asked` returned of them.
        asked: How many comparisons were made in all.
    """
    for one in items:
        own = [pair for pair in pairs if pair.question is one and pair.stands_out]
        first = min(own, key=lambda pair: pair.counts.chance, default=None)
        if first and (q := min(first.counts.chance * asked, 1.0)) < FALSE_DISCOVERY:
            yield _difference(first, [pair.other for pair in own if pair.counts[:2] == first.counts[:2]], q)


def _difference(pair: Pair, others: Sequence[str], q: float) -> Difference:
    other = " or ".join(others[:MOST_NAMED]) + wording.and_more(len(others) - MOST_NAMED, " or ")
    name, (k, n, rest_k, rest_n) = pair.question.name, pair.counts
    title = (
        f"{name} {pair.question.verb} on {share_in_words(k, n)} devices that have {other} as well, "
        f"on {share_in_words(rest_k, rest_n)} without it"
    )
    where = json.dumps({"failed": name, POLICY: other}, ensure_ascii=False)
    stated = of_fleet(
        "FLEET-GROUP",
        title=title,
        meaning=SECOND,
        remedy=ONE_OF_BOTH.format(own=name, other=other),
        item=wording.group({POLICY: other}),
        confidence=1 - q,
    )
    return Difference(pair.question.subject, stated, contrast=pair.counts.contrast(where, q))

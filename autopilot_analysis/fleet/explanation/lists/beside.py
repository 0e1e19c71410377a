"""Lists that stand beside deployments: what failed on the devices whose deployments failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Line
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.lists.differences import Difference, what_differs
from autopilot_analysis.fleet.explanation.lists.lists import find_in_lists
from autopilot_analysis.fleet.explanation.lists.questions import (
    KEYS,
    THIS_FIRST,
    Question,
    questions_of_inventory,
    questions_of_items,
)
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.tables import Evidence, Finding, Findings, ItemStatus, Tables
from autopilot_analysis.tables.typed import checked

FAILED_ONES, WELL_ENDED = "devices whose deployment failed", "of those whose deployment went well"
RULES = (
    *("FLEET-ITEM-FAILED", "FLEET-GROUP", "FLEET-DAY", "FLEET-ONE-ACTOR", "FLEET-ENROLLMENT-FAILED"),
    *("FLEET-PROFILE-UNASSIGNED", "FLEET-PROFILE-FAILED", "FLEET-REGISTRATION-ATTENTION"),
    *("FLEET-REGISTRATION-PENDING", "FLEET-ENROLLMENT-BLOCKED"),
)
"""What lists say beside deployments; states of managed devices that want attention are another matter."""
MEND_FIRST = f"{THIS_FIRST}, and try it on one device first"
"""What to do about an item that fails on all devices alike."""
MOST = 2
"""Items told of, those that go with failed deployments most."""
LEADS = 0.5
"""An item that failed on more than this share of the devices with failed deployments is in the first line."""


@dataclass(frozen=True)
class Together:
    """An item, and on how many devices with failed deployments and with others it failed."""

    question: Question
    k: int
    n: int
    rest_k: int
    rest_n: int
    p: float
    since: datetime | None = None
    """From when on deployments are counted; None: all."""

    @property
    def leads(self) -> bool:
        """Whether it is what most failed deployments have in common."""
        return self.k > LEADS * self.n

    @property
    def in_short(self) -> str:
        """What it did, as the first line of an answer says it."""
        then = " since then" if self.since else ""
        of = wording.count(self.n, "device")
        return f"{self.question.name} {self.question.verb} on {self.k:,} of the {of} that failed{then}"

    @cached_property
    def difference(self) -> Difference | None:
        """In which group of devices it failed, if in one."""
        return next(what_differs(self.question, 1), None)


def items_together(fleet: Fleet, explained: dict[str, Explanation]) -> list[Together]:
    """Return the items told of beside failed deployments: from the day on from which all failed more often.

    Args:
        fleet: What `load_deployments` returned.
        explained: Answer of `explain` for each outcome.
    """
    return failed_together(fleet, _since(explained))[:MOST]


def tell_lists(
    fleet: Fleet, explained: dict[str, Explanation], together: Sequence[Together] | None = None
) -> Iterator[Line]:
    """Return which items of lists failed on devices whose deployments failed, and clearly less on others.

    Args:
        fleet: What `load_deployments` returned.
        explained: Answer of `explain` for each outcome.
        together: What `items_together` returned, where it is known.
    """
    since = _since(explained)
    when = f" since {wording.short_moment(since)}" if since else ""
    for one in items_together(fleet, explained) if together is None else together:
        here, others = share_in_words(one.k, one.n), share_in_words(one.rest_k, one.rest_n)
        yield Line(
            f"{one.question.name} {one.question.verb} on {here} {FAILED_ONES}{when}, "
            f"on {others} {WELL_ENDED}."
        )
        yield from (Line(f"{each.title}.") for each in (one.difference,) if each)
    yield from _not_compliant(fleet, since)


def tell_items_to_do(together: Sequence[Together]) -> Iterator[Line]:
    """Return what to do about an item that most failed deployments have in common: about it, or its group.

    Args:
        together: What `items_together` returned.
    """
    for one in together[:1]:
        if one.leads:
            remedy = str(one.difference.finding["remedy"]) if one.difference else MEND_FIRST
            yield Line(f"{one.question.name}: {remedy.rstrip('.')}.")


def _not_compliant(fleet: Fleet, since: datetime | None) -> Iterator[Line]:
    """Yield that devices whose deployment failed are not compliant or encrypted, where others are."""
    identities = fleet.lists.get("identities")
    asked = [] if identities is None or identities.is_empty() else questions_of_inventory(identities)
    for one in (_together(each, _ended(fleet.deployments, since)) for each in asked):
        if one and one.p * len(asked) < FALSE_DISCOVERY:
            state = wording.heading(one.question.verb)
            yield Line(
                f"{state}: {share_in_words(one.k, one.n)} {FAILED_ONES}, "
                f"{share_in_words(one.rest_k, one.rest_n)} {WELL_ENDED}."
            )


def failed_together(fleet: Fleet, since: datetime | None = None) -> list[Together]:
    """Return the items that failed more often on devices with failed deployments, the surest first.

    Args:
        fleet: What `load_deployments` returned.
        since: Only deployments from then on; None: all.
    """
    statuses = fleet.item_statuses.filter(pl.col("deployment").is_null())
    if statuses.is_empty():
        return []
    asked = questions_of_items(statuses, fleet.lists["identities"])
    ended = _ended(fleet.deployments, since)
    found = [replace(each, since=since) for one in asked if (each := _together(one, ended)) is not None]
    return sorted((each for each in found if each.p * len(asked) < FALSE_DISCOVERY), key=lambda each: each.p)


def _since(explained: dict[str, Explanation]) -> datetime | None:
    """Return the day from which all deployments failed more often, None where there is none."""
    failed = explained["failed"]
    rows = failed.changes.head(failed.of_all).filter(pl.col("until").is_null())
    risen = rows.filter(pl.col("before").is_null() | (pl.col("after") > pl.col("before")))
    return risen["at"][0] if risen.height else None


def _ended(deployments: pl.DataFrame, since: datetime | None) -> pl.DataFrame:
    """Return each key of a device, and whether a deployment of it failed."""
    rows = deployments.filter(pl.col("outcome").cast(pl.String).is_in(["failed", "succeeded"]))
    if since is not None:
        rows = rows.filter(pl.col("started_at") >= since)
    rows = rows.with_columns(failed=pl.col("outcome").cast(pl.String) == "failed", unit="device")
    keys = [rows.select("unit", "failed", key=name) for name in KEYS if name in rows.columns]
    named = pl.concat(keys).drop_nulls("key")
    return named.group_by("key").agg(pl.col("unit").first(), pl.col("failed").any())


def _together(question: Question, ended: pl.DataFrame) -> Together | None:
    rows = question.units.join(ended, left_on="device", right_on="key").unique("unit", keep="first")
    hit = pl.col("outcome") == "failed"
    counts = {
        failed: (part.height, int(part.select(hit.sum()).item()))
        for failed in (True, False)
        for part in (rows.filter(failed=failed),)
    }
    (n, k), (rest_n, rest_k) = counts[True], counts[False]
    if k < LEAST_HITS_OF_FEW or not rest_n:
        return None
    chance = AgainstRest(k, n, rest_k, rest_n).chance
    return Together(question, k, n, rest_k, rest_n, chance)


def with_lists(found: Findings, tables: Tables) -> Findings:
    """Return the findings on a fleet, and behind them what lists beside its deployments say failed.

    Args:
        found: What `find_in_fleet` returned.
        tables: What `read_tables` returned.
    """
    own = tables.item_statuses.filter(pl.col("deployment").is_null())
    listed = find_in_lists(replace(tables, item_statuses=checked(own, ItemStatus)))
    kept = listed.findings.filter(pl.col("rule").is_in(RULES))
    if kept.is_empty():
        return found
    proofs = listed.evidence.filter(pl.col("finding").is_in(kept["id"].implode()))
    return findings_behind(found, kept, proofs)


def findings_behind(found: Findings, further: pl.DataFrame, proofs: pl.DataFrame) -> Findings:
    """Return findings, and behind them others, which are numbered on.

    Args:
        found: Those that stand first.
        further: Rows of `findings`.
        proofs: Their rows of `evidence`.
    """
    last = found.findings.height
    return Findings(
        findings=checked(_after(found.findings, further, "id", last), Finding),
        evidence=checked(_after(found.evidence, proofs, "finding", last), Evidence),
    )


def _after(first: pl.DataFrame, second: pl.DataFrame, number: str, last: int) -> pl.DataFrame:
    """Return rows of findings behind others, their numbers after the last of these."""
    kind: Any = first.schema[number]
    return pl.concat([first, second.with_columns((pl.col(number) + last).cast(kind))])

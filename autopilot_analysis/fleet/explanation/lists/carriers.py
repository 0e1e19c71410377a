"""An app or script that carries failures: deployments fail on devices with it and hardly on those without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Line
from autopilot_analysis.findings.service.item_states import is_script
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.failures.failure_kinds import (
    BY_SCRIPT,
    failed_of,
    kinds_of,
    named,
    reason_of,
    with_meaning,
)
from autopilot_analysis.fleet.explanation.fleet_findings import NOT_WHY, name_of
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW, LEAST_OF_FEW
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.lists.beside import Together, failed_together
from autopilot_analysis.fleet.explanation.lists.questions import KEYS
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.wording import COLLECT_FROM

CARRIED = 0.5
"""An item carries failures when it failed itself in this part of the failed deployments with it."""


@dataclass(frozen=True)
class Carrier:
    """An app or script, and what came of the deployments of devices with it and without.

    Attributes:
        name: What it is called.
        k: Devices with it whose deployment failed.
        n: Devices with it.
        rest_k: Devices without it whose deployment failed.
        rest_n: Devices without it.
        failed: Deployments that failed on devices on which it failed itself, the newest first.
        others: All other deployments that failed.
        p: How often chance parts the failures so.
        script: Whether it is a script.
    """

    name: str
    k: int
    n: int
    rest_k: int
    rest_n: int
    failed: pl.DataFrame
    others: pl.DataFrame
    p: float
    script: bool = False

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The kind of failure that it ended with most often, if there is one."""
        first = kinds_of(self.failed).head(1).to_dicts()
        return [{**kind, BY_SCRIPT: self.script} for kind in first]


def carriers_of(fleet: Fleet) -> list[Carrier]:
    """Return the items that carry failures, the surest first.

    Compared are the devices that a report names, so that one which holds failed devices alone shows nothing.
    An item that all devices have, or that was only skipped, carries none.

    Args:
        fleet: What `load_deployments` returned.
    """
    together = failed_together(fleet)
    if not together:
        return []
    keyed = _keyed(fleet.deployments)
    found = [each for one in together if (each := _carrier(one, fleet, keyed)) is not None]
    return sorted(
        (each for each in found if each.p * len(together) < FALSE_DISCOVERY), key=lambda each: each.p
    )


def _keyed(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return deployments that ended once for each key of their device."""
    rows = deployments.filter(pl.col("outcome").cast(pl.String).is_in(["failed", "succeeded"]))
    rows = rows.with_columns(bad=pl.col("outcome").cast(pl.String) == "failed")
    keys = [rows.select("deployment", "bad", key=name) for name in KEYS if name in rows.columns]
    return pl.concat(keys).drop_nulls("key")


def _carrier(one: Together, fleet: Fleet, keyed: pl.DataFrame) -> Carrier | None:
    _, item, name = one.question.subject
    statuses = fleet.item_statuses.filter(pl.col("deployment").is_null())
    mine = pl.col("item").eq(item) & pl.col("name").eq_missing(name)
    own = statuses.filter(mine)
    listed = statuses.filter(pl.col("report").is_in(own["report"].implode()))
    of_devices = keyed.group_by("key").agg(pl.col("bad").any())
    has = pl.col("key").is_in(own["device"].drop_nulls().implode())
    devices = of_devices.filter(pl.col("key").is_in(listed["device"].drop_nulls().implode()))
    with_it, without = devices.filter(has), devices.filter(~has)
    k, rest_k = int(with_it["bad"].sum()), int(without["bad"].sum())
    if k < LEAST_HITS_OF_FEW or without.height < LEAST_OF_FEW or one.k < CARRIED * k:
        return None
    hit = one.question.units.filter(outcome="failed")["device"].implode()
    where = keyed.filter("bad", pl.col("key").is_in(hit))["deployment"].implode()
    failed = failed_of(fleet.deployments)
    at_it = pl.col("deployment").is_in(where)
    counted = AgainstRest(k, with_it.height, rest_k, without.height)
    script = is_script(own["report"][0])
    at, elsewhere = failed.filter(at_it), failed.filter(~at_it)
    return Carrier(one.question.name, *counted, at, elsewhere, counted.chance, script)


def in_short(one: Carrier) -> str:
    """Return what an item carries as the first line names it.

    Args:
        one: One of `carriers_of`.
    """
    here, there = (wording.percent(k / n, 0) for k, n in ((one.k, one.n), (one.rest_k, one.rest_n)))
    return f"{here} of all deployments with {one.name} failed, without it {there}"


def tell_carriers(carriers: Sequence[Carrier]) -> Iterator[Line]:
    """Return how often deployments failed with an item and without it, and with which code.

    Args:
        carriers: What `carriers_of` returned.
    """
    for one in carriers:
        here, there = share_in_words(one.k, one.n), share_in_words(one.rest_k, one.rest_n)
        yield Line(f"{one.name}: the deployment failed on {here} devices with it, on {there} without it.")
        for kind in one.kinds:
            same = kinds_of(one.others).filter(pl.col("code").eq_missing(kind["code"]))["k"].sum()
            every = "all" if kind["k"] == one.failed.height else f"{kind['k']:,}"
            others = f"; of the {wording.count(one.others.height, 'other failure')} {same or 'none'} had it"
            yield Line(
                f"{one.name} itself failed on {one.failed.height:,} of these, {every} with "
                f"{with_meaning(kind)}{others if one.others.height else ''}."
            )


def names_of_carriers(carriers: Sequence[Carrier]) -> set[str]:
    """Return what the failures are called that are told with the items that carry them.

    Args:
        carriers: What `carriers_of` returned.
    """
    return {named(kind) for one in carriers for kind in one.kinds}


def tell_carriers_to_do(carriers: Sequence[Carrier]) -> Iterator[Line]:
    """Return what mends an item that carries failures, and one device that shows why it failed.

    Args:
        carriers: What `carriers_of` returned.
    """
    for one in carriers:
        for kind in one.kinds:
            if known := reason_of(kind):
                text = f"{one.name}, {named(kind)}: {known.remedy.rstrip('.')}."
                yield Line(text, "remedy", known.page or "", address_of(known.page))
        newest = name_of(one.failed.row(0, named=True))
        yield Line(f"{COLLECT_FROM} one device on which {one.name} failed, such as {newest}: {NOT_WHY}.")

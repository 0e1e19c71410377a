"""Registered devices in a state that wants attention: what they share, and what their deployments came to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Line
from autopilot_analysis.findings.service.devices import registered, registered_in_need
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.fleet_findings import of_fleet
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.lists.differences import Difference
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.groups import spelling
from autopilot_analysis.tables.fleet import KEYS

SHARED_BY = ("group_tag", "model", "manufacturer", "device_category", "profile")
"""What registered devices may share, as the list writes it: a rule of a group takes a tag to the letter."""
LEAST_OF_ALL = 0.5
"""A value is shared where at least this part of the devices in need has it."""
NO_TAG = "no group tag"
TOLD_BY_DEPLOYMENTS = ("FLEET-REGISTERED-NOT-ENROLLED",)
"""States that a deployment which failed tells as well."""
UNASSIGNED = "FLEET-PROFILE-UNASSIGNED"
OF_A_TAG = (
    "Look at the rule of the group to which the profile is assigned: let it hold {tag}, or give these "
    "devices the tag that the rule names; then wait until the list says assigned"
)
SHARED = "What all of them share points at one reason rather than at each device."
LOOKS_LIKE = "The tag is spelt almost as {other}, which has its profile: it is probably a slip of the pen."


@dataclass(frozen=True)
class InNeed:
    """Registered devices in one state that wants attention.

    Attributes:
        finding: What is said of them, as `registered_in_need` yields it.
        shared: What most of them share and hardly any other has; None where nothing is.
    """

    finding: Mapping[str, Any]
    shared: Difference | None


def states_in_need(identities: pl.DataFrame) -> Iterator[InNeed]:
    """Yield each state in which registered devices want attention, and what these devices share.

    Args:
        identities: The table `identities`.
    """
    found = list(registered_in_need(identities))
    rows = registered(identities) if found else identities
    for one in found:
        yield InNeed(one, _shared(one, rows))


def needs_compared_by(identities: pl.DataFrame) -> list[str]:
    """Return by what registered devices in one state were compared with the others, in words.

    Args:
        identities: The table `identities`.
    """
    rows = registered(identities)
    if not any(len(one["devices"]) >= LEAST_HITS_OF_FEW for one in registered_in_need(identities)):
        return []
    return [
        wording.words(name) for name in SHARED_BY if _named(rows, name)["value"].drop_nulls().n_unique() > 1
    ]


def _shared(found: Mapping[str, Any], rows: pl.DataFrame) -> Difference | None:
    """Return the value that most devices in need have and the others have clearly less often."""
    hit = rows.select(hit=pl.col("device").is_in(found["devices"]))
    hits = len(found["devices"])
    values = [
        named.hstack(hit)
        .drop_nulls("value")
        .group_by("column", "value")
        .agg(n=pl.len(), k=pl.col("hit").sum())
        for named in (_named(rows, name) for name in SHARED_BY)
    ]
    counts = pl.concat(values)
    often = counts.filter(pl.col("k") >= max(LEAST_HITS_OF_FEW, LEAST_OF_ALL * hits)).to_dicts()
    order = {name: place for place, name in enumerate(SHARED_BY)}
    surest = sorted(
        ((_counts(one, hits, rows.height).chance, order[one["column"]], one) for one in often),
        key=lambda each: each[:2],
    )
    for p, _, one in surest[:1]:
        if (q := min(p * counts.height, 1.0)) < FALSE_DISCOVERY:
            return _difference(found, rows, one, q)
    return None


def _named(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the values of a column, without the spaces around them; of a tag that it is missing too."""
    value = pl.col(name).str.strip_chars()
    value = pl.when(value != "").then(value)
    if name == "group_tag":
        value = value.fill_null(NO_TAG)
    return rows.select(column=pl.lit(name), value=value)


def _counts(one: Mapping[str, Any], hits: int, registered: int) -> AgainstRest:
    """Return how many devices in need have a value, against those without it."""
    return AgainstRest(one["k"], one["n"], hits - one["k"], registered - one["n"])


def _difference(found: Mapping[str, Any], rows: pl.DataFrame, one: Mapping[str, Any], q: float) -> Difference:
    hits = len(found["devices"])
    counts = k, n, rest_k, rest_n = _counts(one, hits, rows.height)
    group = one["value"] if one["value"] == NO_TAG else wording.group({one["column"]: one["value"]})
    with_it = "" if n == k else f" (of {n:,} registered devices with it)"
    are = {0: "none is", 1: "one is"}.get(rest_k, f"{rest_k:,} are")
    title = f"{_of_all(k, hits)} {group}{with_it}; of the {rest_n:,} others {are} in this state"
    other = _spelt_almost(found, rows, one["value"]) if one["column"] == "group_tag" else None
    where = json.dumps({"failed": found["state"], one["column"]: one["value"]}, ensure_ascii=False)
    of_a_tag = found["rule"] == UNASSIGNED and one["column"] == "group_tag"
    tag = "devices without a tag" if one["value"] == NO_TAG else f"the group tag {one['value']}"
    stated = of_fleet(
        "FLEET-GROUP",
        title=title,
        meaning=LOOKS_LIKE.format(other=other) if other else SHARED,
        remedy=OF_A_TAG.format(tag=tag) if of_a_tag else found["remedy"],
        page=found["page"],
        item=group,
        confidence=1 - q,
    )
    return Difference(found["subject"], stated, contrast=counts.contrast(where, q))


def _of_all(k: int, hits: int) -> str:
    return f"All {hits:,} have" if k == hits else f"{k:,} of these {hits:,} have"


def _spelt_almost(found: Mapping[str, Any], rows: pl.DataFrame, tag: str) -> str | None:
    """Return another tag that differs in signs or case alone and of whose devices none is in need."""
    others = rows.filter(
        spelling(pl.col("group_tag")) == pl.select(spelling(pl.lit(tag))).item(),
        pl.col("group_tag").str.strip_chars() != tag,
    )
    if others.is_empty() or others["device"].is_in(found["devices"]).any():
        return None
    return str(others["group_tag"].str.strip_chars().mode().sort()[0])


def needs_beside(fleet: Fleet) -> list[InNeed]:
    """Return the states of registered devices that are worth a word beside deployments, shared ones first.

    Args:
        fleet: What `load_deployments` returned.
    """
    identities = fleet.lists.get("identities")
    if identities is None or identities.is_empty():
        return []
    found = [one for one in states_in_need(identities) if one.finding["rule"] not in TOLD_BY_DEPLOYMENTS]
    return sorted(found, key=lambda one: one.shared is None)


def tell_needs(needs: list[InNeed], fleet: Fleet, *, shared: bool) -> Iterator[Line]:
    """Yield which registered devices want attention, what they share and what their deployments came to.

    Args:
        needs: What `needs_beside` returned.
        fleet: What `load_deployments` returned.
        shared: Those that share something, or the others.
    """
    for one in needs:
        if (one.shared is not None) != shared:
            continue
        yield Line(f"{one.finding['title']}.")
        if one.shared:
            yield Line(f"{one.shared.title}.")
        yield Line(_deployed(one, fleet.deployments))


def _deployed(one: InNeed, deployments: pl.DataFrame) -> str:
    """Return how many of the devices in need have a deployment, and of how many the last one failed."""
    devices = one.finding["devices"]
    keys = [name for name in KEYS if name in deployments.columns]
    own = deployments.filter(pl.any_horizontal(pl.col(name).is_in(devices) for name in keys))
    if own.is_empty():
        return f"No deployment of {_them(devices)} is told of here."
    last = own.sort("started_at", nulls_last=False, maintain_order=True).unique("device", keep="last")
    failed = int((last["outcome"].cast(pl.String) == "failed").sum())
    return (
        f"{last.height:,} of {len(devices):,} have a deployment here; "
        f"the last one failed on {failed:,}, at {share_in_words(*_others(deployments, own))} others."
    )


def _others(deployments: pl.DataFrame, own: pl.DataFrame) -> tuple[int, int]:
    rest = deployments.filter(~pl.col("device").is_in(own["device"].implode()))
    last = rest.sort("started_at", nulls_last=False, maintain_order=True).unique("device", keep="last")
    return int((last["outcome"].cast(pl.String) == "failed").sum()), last.height


def _them(devices: list[str]) -> str:
    return "it" if len(devices) == 1 else f"these {len(devices):,} devices"


def needs_in_short(needs: list[InNeed]) -> str:
    """Return the first state that devices with something in common are in, for the first line of an answer.

    Args:
        needs: What `needs_beside` returned.
    """
    shared = [one for one in needs if one.shared]
    if not shared:
        return ""
    first = shared[0]
    number = str(first.finding["title"]).partition(": ")[0]
    return f"{number}: {_lowered(first.shared.title)}" if first.shared else number


def tell_reasons_of_needs(needs: list[InNeed]) -> Iterator[Line]:
    """Yield what the state means of devices that share something.

    Args:
        needs: What `needs_beside` returned.
    """
    for one in needs:
        if one.shared:
            yield Line(wording.sentence(str(one.finding["meaning"])))
            yield Line(str(one.shared.finding["meaning"]))


def tell_remedies_of_needs(needs: list[InNeed]) -> Iterator[Line]:
    """Yield what to do about devices that share something.

    Args:
        needs: What `needs_beside` returned.
    """
    for one in needs:
        if one.shared:
            finding = one.shared.finding
            page = str(finding["page"] or "")
            yield Line(wording.sentence(str(finding["remedy"])), "remedy", page, address_of(page))


def _lowered(title: str) -> str:
    first = title.partition(";")[0]
    return wording.clause(first)

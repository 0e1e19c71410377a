"""Lines on what to look at: what was down, or one named device of each thing that stands out."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Line
from autopilot_analysis.fleet.deployments.network_sites import OF_A_NETWORK
from autopilot_analysis.fleet.explanation.answer.stand_outs import (
    apart_from_days,
    are_several,
    heading_of,
    moved_days,
    standing_groups,
    time_of,
)
from autopilot_analysis.fleet.explanation.answer.strongest import may_be_chance, spell
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.failures.failure_kinds import failed_of, kinds_of, named, of_kind
from autopilot_analysis.fleet.explanation.failures.own_codes import incident_of, is_over, within_incident
from autopilot_analysis.fleet.explanation.fleet_findings import NOT_WHY, name_of
from autopilot_analysis.fleet.explanation.sentences import (
    DOWN,
    OVER,
    PERHAPS_DOWN,
    WHICH_IS_IT,
    came_with_the_day,
    is_outage,
)
from autopilot_analysis.tables.fleet import CAPTURE

TRY_WITHOUT = f"Deploy one device without {{}}: it shows {WHICH_IS_IT}."
"""Said of a group that came on the day on which all attempts changed."""
THE_NETWORK = (
    "Look at this network before single devices: what its proxy or firewall blocks or takes apart (TLS "
    "inspection) on the way to Intune's hosts, compared with a network in which deployments go well."
)
"""What to do about a group that is the devices of one network."""
SELDOM = 0.001
"""A spell that chance shows more often than this is asked about before anything is called down."""
VERBS_OF_ONE = {"failed": "failed", "slow": "was slow"}


def _to_look_at(explained: dict[str, Explanation]) -> list[tuple[str, dict[str, Any]]]:
    """Return each thing that stands out once, what is over, where nothing is to be mended, behind the rest.

    A group is looked at by the day on which it moved, where there is one.
    """
    found = [*moved_days(explained), *apart_from_days(explained)]
    first = {each[1]["where"]: each for each in reversed(found)}
    order = list(dict.fromkeys(row["where"] for _, row in (*apart_from_days(explained), *found)))
    return sorted(first.values(), key=lambda each: (is_over(each[1]), order.index(each[1]["where"])))


def tell_what_was_down(explained: dict[str, Explanation]) -> Iterator[Line]:
    """Return what is no matter of single devices: what is over, or was down while all failed.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    for place, (_, row) in enumerate(_to_look_at(explained)):
        if is_over(row) and not place:
            day = row["at"] or row["until"]
            yield Line(wording.sentence(OVER.format(heading_of(row), wording.short_moment(day))))
        elif is_outage(row):
            advice = PERHAPS_DOWN if may_be_chance(row) or row["q"] > SELDOM else DOWN
            yield Line(wording.sentence(advice.format(spell(row))))


def tell_networks(explained: dict[str, Explanation]) -> Iterator[Line]:
    """Return where to look for what a network does to the devices in it, where a group is those of one.

    Args:
        explained: Answer of `explain` for each outcome.
    """
    for _, row in standing_groups(explained):
        if set(json.loads(row["where"])) & set(OF_A_NETWORK) and not is_over(row):
            yield Line(f"{heading_of(row)}: {THE_NETWORK}")


def tell_devices(
    explained: dict[str, Explanation], rows: pl.DataFrame, known: Container[str] = ()
) -> Iterator[Line]:
    """Return which device shows why, of each thing that stands out and goes on.

    Args:
        explained: Answer of `explain` for each outcome.
        rows: Deployments.
        known: What the failures are called of which a device is named already.
    """
    for outcome, row in _to_look_at(explained):
        own = explained[outcome].codes_of(row)[:1]
        if not is_over(row) and not is_outage(row) and not _all_known(own, row, rows, known):
            yield _device(explained, outcome, row, rows)
    for _, row in standing_groups(explained):
        if came_with_the_day(row) and not is_over(row):
            yield Line(TRY_WITHOUT.format(wording.group(json.loads(row["where"]))))


def _all_known(
    own: list[dict[str, Any]], row: dict[str, Any], rows: pl.DataFrame, known: Container[str]
) -> bool:
    """Tell whether all that failed in an incident, or its own code where it has one, is of known kinds."""
    if not known:
        return False
    kinds = own or kinds_of(rows.filter(within_incident(*incident_of(row)))).to_dicts()
    return bool(kinds) and all(named(kind) in known for kind in kinds)


def _device(explained: dict[str, Explanation], outcome: str, row: dict[str, Any], rows: pl.DataFrame) -> Line:
    own = explained[outcome].codes_of(row)[:1]
    inside = rows.filter(within_incident(*incident_of(row)))
    if outcome == "slow":
        hit = inside.sort("total", descending=True, nulls_last=True, maintain_order=True)
    else:
        alike = {name: own[0][name] for name in ("code", "reason")} if own else {}
        hit = of_kind(inside, alike) if own else failed_of(inside)
    group = json.loads(row["where"])
    which = [f"of {wording.group(group)}"] if group and (are_several(explained) or not own) else []
    which += [f"that {VERBS_OF_ONE[outcome]}"] if own or not group else []
    which += [f"with {named(own[0])}"] if own else []
    which += [] if group else [time_of(row)]
    known = hit.filter(~pl.col("flags").str.contains("no_device").fill_null(value=False)).head(1)
    such = f", such as {name_of(known.row(0, named=True))}" if known.height else ""
    device = f"one device {' '.join(which)}{such}"
    if "origin" in known.columns and known["origin"].cast(pl.String).to_list() == [CAPTURE]:
        return Line(f"Open {device} in {wording.OF_A_DEVICE}: its capture shows why.")
    return Line(f"Collect diagnostics from {device}: {NOT_WHY}.")

"""A group's number without what another group that stands out carries of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.failures.own_codes import incident_of, within_incident
from autopilot_analysis.fleet.explanation.spellings import spelt_alike
from autopilot_analysis.fleet.explanation.units import first_tries, with_hits
from autopilot_analysis.groups import Group

LEAST_CARRIED = 0.1
"""Another group that holds a smaller part of a group's failures changes nothing that is worth a sentence."""


def without_others(rows: pl.DataFrame, row: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> str:
    """Return what a group comes to without the groups told before it: "; without profile Kiosk 26 of 213 …".

    Empty where they carry next to nothing of it, or where a column that names one is not among the rows.

    Args:
        rows: Deployments.
        row: A group of `Explanation.contrasts`.
        others: Those told before it.
    """
    names = {name for one in (row, *others) for name in Group.parse(one["where"])}
    if not others or not names <= set(rows.columns):
        return ""
    units = first_tries(with_hits(spelt_alike(rows, sorted(names)), "failed"))
    own = units.filter(within_incident(*incident_of(row)))
    apart = own.filter(~pl.any_horizontal(within_incident(*incident_of(one)) for one in others))
    hits, left = int(own["hit"].sum()), int(apart["hit"].sum())
    if not apart.height or hits - left < LEAST_CARRIED * hits:
        return ""
    named = " and ".join(wording.group(json.loads(one["where"])) for one in others)
    time = "in that time " if row["at"] or row["until"] else ""
    return f"; {time}without {named} {left:,} of {apart.height:,} failed"

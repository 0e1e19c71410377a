"""What inventories of the service say of the devices that it manages: compliant, encrypted, to be retired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.service.devices import NAMED, in_need

ONE_POLICY = "deviceStatuses"
"""The list of what one policy, of compliance or of configuration, came to on each device."""
INVENTORIES = ("managedDevices", "Devices", "IntuneDevices", ONE_POLICY)
"""Lists of devices that the service manages, Windows or not."""
OWNED = ("managed device", "managed devices")
UNDER_ONE = ("device under one policy", "devices under one policy")
"""What a row of an inventory, and one of the list of a policy, is called."""
STATES = ("compliance_state", "management_state", "encrypted", "retire_at")
"""Columns of which one makes an inventory one with states."""
LATEST_RETIREMENT = 9000
"""The service writes the last year there is where it retires a device never."""
NO_FAULT = ("managed", "discovered")
"""States of management that are the rule."""


def managed(identities: pl.DataFrame) -> pl.DataFrame:
    """Return the newest row of each device of an inventory that carries states.

    Args:
        identities: The table `identities`.
    """
    never = pl.col("retire_at").dt.year() >= LATEST_RETIREMENT
    listed = identities.filter(pl.col("report").is_in(INVENTORIES)).with_columns(
        retire_at=pl.when(~never).then("retire_at")
    )
    stated = listed.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in STATES))
    ordered = stated.sort(pl.coalesce("at", "contacted_at"), nulls_last=False, maintain_order=True)
    return ordered.unique("device", keep="last", maintain_order=True)


def managed_in_need(identities: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield one finding for each state in which managed devices want attention: none is a failed run.

    Args:
        identities: The table `identities`.
    """
    yield from in_need(managed(identities), read_facts("inventory_states"), "managed devices")


def inventory_words(identities: pl.DataFrame) -> Iterator[str]:
    """Yield how many managed devices of which systems there are, in which states and when last heard of.

    Args:
        identities: The table `identities`.
    """
    one_policy = pl.col("report") == ONE_POLICY
    rows = managed(identities)
    for those, noun in ((rows.filter(~one_policy), OWNED), (rows.filter(one_policy), UNDER_ONE)):
        if those.height:
            yield _inventory(those, noun)
    others = rows.filter(~pl.col("os").str.to_lowercase().str.starts_with("windows"))
    if others.height:
        yield f"Not Windows: {_counted(others['os'])}. Autopilot is for Windows alone."


def _inventory(rows: pl.DataFrame, noun: tuple[str, str]) -> str:
    systems = _counted(rows["os"])
    states = (_compliance(rows), _encryption(rows), _management(rows), _contact(rows))
    named = f" ({systems})" if systems else ""
    return f"{wording.count(rows.height, *noun)}{named}: {'; '.join(filter(None, states))}."


def _counted(states: pl.Series) -> str:
    """Return how often each value stands there, the most frequent first; empty where none does."""
    counts = states.drop_nulls().value_counts()
    ordered = sorted(counts.iter_rows(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{number:,} {state}" for state, number in ordered)


def _compliance(rows: pl.DataFrame) -> str:
    counted = _counted(rows["compliance_state"])
    return f"compliance: {counted}" if counted else "the list does not say which is compliant"


def _encryption(rows: pl.DataFrame) -> str:
    known = rows["encrypted"].drop_nulls()
    return f"{known.sum():,} of {known.len():,} encrypted" if known.len() else ""


def _management(rows: pl.DataFrame) -> str:
    """Return the states of management that are not the rule, and how many have a date of retirement."""
    states = rows["management_state"]
    counted = _counted(states.filter(~states.str.to_lowercase().is_in(NO_FAULT)))
    dated = rows["retire_at"].drop_nulls()
    retired = (
        f"{dated.len():,} {NAMED['retire_at']} {wording.instant(dated.sort()[0])} UTC" if dated.len() else ""
    )
    return "; ".join(filter(None, (f"management: {counted}" if counted else "", retired)))


def _contact(rows: pl.DataFrame) -> str:
    """Return when devices were last heard of."""
    times = rows["contacted_at"].drop_nulls().sort()
    if times.is_empty():
        return ""
    first, last = wording.instant(times[0]), wording.instant(times[-1])
    return (
        f"last heard of at {last} UTC" if first == last else f"last heard of between {first} and {last} UTC"
    )

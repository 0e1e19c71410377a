"""What inventories of the service say of the devices that it manages: compliant, encrypted, to be retired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.service.devices import NAMED, in_need
from autopilot_analysis.readers.serials import is_placeholder
from autopilot_analysis.tables.verdict import CONTEXT

ONE_POLICY = "deviceStatuses"
"""The list of what one policy, of compliance or of configuration, came to on each device."""
INVENTORIES = ("managedDevices", "Devices", "IntuneDevices", ONE_POLICY)
"""Lists of devices that the service manages, Windows or not."""
OWNED = ("managed device", "managed devices")
UNDER_ONE = ("device under one policy", "devices under one policy")
"""What a row of an inventory, and one of the list of a policy, is called."""
STATES = ("compliance_state", "management_state", "encrypted", "retire_at")
"""Columns of which one makes an inventory one with states."""
RECORDS = "inventory_records"
"""Facts on devices of which several records stand in a list: no state of the device, and nothing failed."""
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
    rows = managed(identities)
    yield from in_need(rows, read_facts("inventory_states"), "managed devices")
    twice = with_older_records(rows, identities)
    for one in in_need(twice, read_facts(RECORDS), "managed devices") if twice.width > rows.width else ():
        yield {**one, "role": CONTEXT}


def with_older_records(rows: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Return devices with `older_record`: whether an older one of the same serial number is heard of.

    A record is one id of Intune; several lists, or several days of one, tell of the same record.

    Args:
        rows: What `managed` returned.
        identities: The table `identities`.

    Returns:
        The rows as they are where no serial number stands twice.
    """
    serial = pl.col("serial").str.strip_chars().str.to_uppercase()
    known = identities.filter(
        pl.col("report").is_in(INVENTORIES),
        pl.col("intune_device_id").is_not_null(),
        (~is_placeholder(pl.col("serial"))).fill_null(value=False),
    )
    records = known.group_by("intune_device_id").agg(
        serial.first(), pl.col("enrolled_at").max(), pl.col("contacted_at").max()
    )
    several = records.filter(pl.len().over("serial") > 1)
    if several.is_empty():
        return rows
    newest = pl.col("enrolled_at").max().over("serial")
    older = several.with_columns(newest=newest).filter((pl.col("enrolled_at") < newest).fill_null(value=True))
    complete = pl.col("enrolled_at").count() == pl.len()
    states = older.group_by("serial").agg(
        pl.when(~complete | (pl.col("contacted_at").count() < pl.len()))
        .then(pl.lit("unknown"))
        .when((pl.col("contacted_at") <= pl.col("newest")).all())
        .then(pl.lit("left"))
        .otherwise(pl.lit("heard"))
        .alias("older_record")
    )
    return rows.with_columns(known_by=serial).join(
        states, left_on="known_by", right_on="serial", how="left", maintain_order="left"
    )


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
    return f"compliance: {counted}" if counted else f"{wording.LIST_SILENT} which is compliant"


def _encryption(rows: pl.DataFrame) -> str:
    known = rows["encrypted"].drop_nulls()
    return f"{known.sum():,} of {known.len():,} encrypted" if known.len() else ""


def _management(rows: pl.DataFrame) -> str:
    """Return the states of management that are not the rule, and how many have a date of retirement."""
    states = rows["management_state"]
    counted = _counted(states.filter(~states.str.to_lowercase().is_in(NO_FAULT)))
    dated = rows["retire_at"].drop_nulls()
    retired = (
        f"{dated.len():,} {NAMED['retire_at']} {wording.in_zone(dated.sort()[0])}" if dated.len() else ""
    )
    return "; ".join(filter(None, (f"management: {counted}" if counted else "", retired)))


def _contact(rows: pl.DataFrame) -> str:
    """Return when devices were last heard of."""
    times = rows["contacted_at"].drop_nulls().sort()
    if times.is_empty():
        return ""
    first, last = wording.instant(times[0]), wording.instant(times[-1])
    return wording.in_zone(
        f"last heard of at {last}" if first == last else f"last heard of between {first} and {last}"
    )

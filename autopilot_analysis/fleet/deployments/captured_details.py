"""What captures are compared by beside the columns of `deployments`: proxy, wireless network, site."""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.fleet.deployments.network_sites import network_sites
from autopilot_analysis.tables import Tables, Trace

LONGEST = 80
"""A longer value names no group of devices."""


def details_of_captures(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return device and `details`, a JSON object of what its capture tells (facts/compared_captures.csv).

    Beside it stands in which network it was made, see `network_sites`.

    A device of which nothing of it is known has no row. Of several values of one thing the first row of the
    facts that has one counts, so that a proxy is its server and not its word "direct".

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
    """
    known: dict[str, dict[str, str]] = {}
    for fact in read_facts("compared_captures").iter_rows(named=True):
        for device, value in _values(tables, trace, fact).iter_rows():
            known.setdefault(device, {}).setdefault(fact["called"], value)
    for device, site in network_sites(tables.properties).items():
        short = {name: value for name, value in site.items() if len(value) <= LONGEST}
        known[device] = short | known.get(device, {})
    rows = {device: json.dumps(own, ensure_ascii=False) for device, own in known.items()}
    return pl.DataFrame(
        {"device": list(rows), "details": list(rows.values())},
        schema={"device": pl.String, "details": pl.String},
    )


def _values(tables: Tables, trace: Trace, fact: Mapping[str, str | None]) -> pl.DataFrame:
    """Return device and value of one fact, the first of each device."""
    field = str(fact["field"])
    if fact["table"] == "properties":
        rows = tables.properties.filter(pl.col("name").str.to_lowercase().str.contains(field))
        rows = rows.select("device", "value")
    elif fact["table"] == "events":
        provider, number, name = field.split("/")
        mine = pl.col("provider").str.to_lowercase() == provider
        rows = tables.events.filter(mine, pl.col("event_id") == int(number))
        rows = rows.select("device", value=pl.col("data").str.json_path_match(f"$.{name}"))
    elif fact["table"] == "steps":
        rows = trace.steps.filter(kind=field).sort("at", nulls_last=True, maintain_order=True)
        rows = rows.select("device", value=pl.col("detail").str.strip_prefix("version "))
    else:
        rows = tables.devices.select("device", value=field)
    text = pl.col("value").str.strip_chars()
    fits = text.str.contains(fact["value"] or r"\w") & (text.str.len_chars() <= LONGEST)
    if fact["unless"]:
        fits &= ~text.str.contains(fact["unless"])
    return (
        rows.drop_nulls().with_columns(text).filter(fits).unique("device", keep="first", maintain_order=True)
    )

"""A text of another computer among a device's files: what it says of hardware is not told of the device."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from autopilot_analysis.facts.source_names import SYSTEMINFO
from autopilot_analysis.readers.texts.hardware.systeminfo import HOST_NAME

OWN_NAMES = ["device name", "system name", "devicename"]
"""Facts by which other files name the device."""


def without_other_computers(frames: Mapping[str, pl.DataFrame]) -> Mapping[str, pl.DataFrame]:
    """Return rows less those that systeminfo wrote on a computer of which no record of the device knows.

    Where nothing else names the device, the output may be its own.

    Args:
        frames: The capture's rows of events and properties, and of other tables.
    """
    properties = frames["properties"]
    written = properties.filter(pl.col("section") == SYSTEMINFO)
    if written.is_empty():
        return frames
    hosts = written.filter(pl.col("name") == HOST_NAME).select("member", host=_short(pl.col("value")))
    named = properties.filter(pl.col("name").str.to_lowercase().is_in(OWN_NAMES))["value"]
    known = {*_short_names(frames["events"]["computer"]), *_short_names(named)}
    if not known:
        return frames
    others = hosts.filter(~pl.col("host").is_in(list(known)))["member"].implode()
    foreign = (pl.col("section") == SYSTEMINFO) & pl.col("member").is_in(others)
    return {**frames, "properties": properties.filter(~foreign)}


def _short(name: pl.Expr) -> pl.Expr:
    """Return the name of a computer in lower case without its domain."""
    return name.str.strip_chars().str.to_lowercase().str.split(".").list.first()


def _short_names(names: pl.Series) -> list[str]:
    return names.unique().drop_nulls().to_frame("name").select(_short(pl.col("name")))["name"].to_list()

"""Windows zones by their IANA names, and local time in a zone as instants."""

from __future__ import annotations

from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
from babel.core import get_global

from autopilot_analysis.clock.offsets import OFFSETS
from autopilot_analysis.clock.records import UNNAMED_STEP, field, of_kind

_LAST_DATA = r'"-?\d{1,4} ([^"\\]+)"\]'
"""The last unnamed field of EventLog 6013: standard bias and zone name, as in `480 Pacific Standard Time`."""


_Round = Literal["earliest", "latest"]
TWICE: _Round = "earliest"
"""Of which round an hour is that autumn gives twice, where nothing beside it tells."""


@cache
def zone_name(windows_name: str | None) -> str | None:
    """Return the IANA name of a Windows time zone such as "Eastern Standard Time"; None when unknown.

    An IANA name is returned as it is. Source: Unicode CLDR windowsZones, through babel.
    """
    if not windows_name:
        return None
    name = get_global("windows_zone_mapping").get(windows_name.strip())
    if name is None:
        try:
            name = ZoneInfo(windows_name.strip()).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
    return str(name) if _known_to_polars(str(name)) else None


def _known_to_polars(zone: str) -> bool:
    """Tell whether a zone of this machine can place columns: `right/UTC` and the like cannot."""
    try:
        pl.select(pl.lit(0).cast(pl.Datetime("us")).dt.replace_time_zone(zone))
    except pl.exceptions.PolarsError:
        return False
    return True


def in_zone(written: pl.Expr, zone: str, *, which: _Round = TWICE) -> pl.Expr:
    """Return local times as instants of a zone, null in an hour that its clocks left out.

    Args:
        written: Times without a zone.
        zone: Its IANA name.
        which: The round of an hour that its clocks showed twice.
    """
    return written.dt.replace_time_zone(zone, ambiguous=which, non_existent="null")


def by_zone(lines: pl.DataFrame, zone: str) -> pl.Series:
    """Return what was written as instants of the zone, null where no clock showed it.

    The hour that autumn gives twice is its second round once the log's own times have fallen within it, and
    else that of `TWICE`.
    """
    written = pl.col("written_at")
    once = lines.select(at=written.dt.replace_time_zone(zone, ambiguous="null", non_existent="null"))["at"]
    if once.null_count() == lines["written_at"].null_count():
        return once
    early, late = in_zone(written, zone), in_zone(written, zone, which="latest")
    twice = early != late
    highest = pl.when(twice).then(written).cum_max().over("member", order_by="record")
    fell = (twice & (highest - written >= UNNAMED_STEP)).fill_null(value=False)
    again = fell.cum_max().over("member", written.dt.date(), order_by="record")
    return lines.select(at=pl.when(twice & again).then(late).otherwise(early))["at"]


def stated_zone(events: pl.DataFrame) -> str | None:
    """Return the IANA name of the zone that every EventLog 6013 names; None when they differ or none does.

    OOBE runs in Pacific time until the device finds its own zone: where a Kernel-General 1 shows another bias
    than the zone has at that moment, the zone did not hold throughout, and nothing is said.

    Args:
        events: Rows of `events` of one device, already corrected.
    """
    named = of_kind(events, "EventLog", 6013).select(pl.col("data").str.extract(_LAST_DATA)).to_series()
    names = {zone_name(name) for name in named.drop_nulls().unique()}
    zone = names.pop() if len(names) == 1 else None
    if zone is None:
        return None
    shown = of_kind(events, "Microsoft-Windows-Kernel-General", 1).select(
        "at", bias=field("TimeZoneBias").cast(pl.Int64, strict=False)
    )
    local = pl.col("at").dt.convert_time_zone(zone)
    offset = local.dt.base_utc_offset() + local.dt.dst_offset()
    other = shown.drop_nulls().filter(offset.dt.total_minutes() != -pl.col("bias"))
    return zone if other.is_empty() else None


def stated_bias(events: pl.DataFrame) -> int | None:
    """Return the minutes to add to local time that every Kernel-General 1 names; None when they differ."""
    named = of_kind(events, "Microsoft-Windows-Kernel-General", 1).select(
        field("TimeZoneBias").cast(pl.Int64, strict=False)
    )
    biases = named.to_series().drop_nulls().unique().to_list()
    possible = len(biases) == 1 and abs(biases[0]) * 60 <= OFFSETS[-1]
    return int(biases[0]) if possible else None

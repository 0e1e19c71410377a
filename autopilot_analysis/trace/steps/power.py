"""Mains, battery and the build of each start, as the System log tells them.

Kernel-Power 105 tells that mains came or went, 566 the charge as a session of power ends; 0 of 0 right after
a start means that the battery has not been read yet. EventLog 6009 names the build that started (genuine
Windows 11 event logs).
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.steps.rows import NO_STEPS, as_steps
from autopilot_analysis.wording import PERCENT_SIGN

KERNEL = "microsoft-windows-kernel-power"
SOURCE, SESSION = 105, 566
LEAST_CHANGE = 5
"""Percent by which the charge must change to be told again."""


@once_where_empty
def find_power_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Return the changes of mains and battery.

    Args:
        events: The table `events`.

    Returns:
        Columns device, at, kind (power_source or battery), detail, member, record.
    """
    rows = events.filter(
        pl.col("provider").str.to_lowercase() == KERNEL, pl.col("event_id").is_in([SOURCE, SESSION])
    ).sort("device", "at", "record", nulls_last=True)
    if rows.is_empty():
        return NO_STEPS
    charges = rows.with_columns(
        mains=_field("AcOnline", "PowerStateAc")
        .str.to_lowercase()
        .replace_strict(
            {"true": True, "1": True, "false": False, "0": False}, default=None, return_dtype=pl.Boolean
        ),
        left=_field("RemainingCapacity", "PreviousEnergyCapacityAtEnd").cast(pl.Float64, strict=False),
        full=_field("FullChargeCapacity", "PreviousFullEnergyCapacityAtEnd").cast(pl.Float64, strict=False),
    ).filter(pl.col("full") > 0)
    charged = charges.with_columns(percent=(100 * pl.col("left") / pl.col("full")).round().cast(pl.Int64))
    turned = (pl.col("mains") != pl.col("mains").shift().over("device")).fill_null(value=True)
    mains = pl.when(pl.col("mains")).then(pl.lit("on mains")).otherwise(pl.lit("on battery"))
    sources = charged.filter(pl.col("mains").is_not_null(), turned)
    charge = pl.format(f"{{}}{PERCENT_SIGN} charged", "percent")
    return pl.concat(
        [
            as_steps(sources, "power_source", pl.concat_str(mains, pl.lit(", "), charge)),
            as_steps(charged.filter(_moved(charged)), "battery", charge),
        ]
    )


def built(events: pl.DataFrame) -> pl.DataFrame:
    """Return device, at and build of each start of Windows that EventLog 6009 names.

    Args:
        events: The table `events`.
    """
    versions = events.filter(pl.col("provider") == "EventLog", pl.col("event_id") == 6009)
    build = pl.coalesce(pl.col("data").str.json_path_match(path) for path in ("$.Data[1]", "$.param2"))
    return versions.select("device", "at", build=build.str.extract(r"^(\d{4,6})$")).drop_nulls()


def _field(*names: str) -> pl.Expr:
    return pl.coalesce(pl.col("data").str.json_path_match(f"$.{name}") for name in names)


def _moved(charged: pl.DataFrame) -> pl.Series:
    """Return which charges differ from the one told before by so much that they are told again."""
    last: dict[str, int] = {}
    kept = []
    for device, percent in charged.select("device", "percent").iter_rows():
        moved = device not in last or abs(percent - last[device]) >= LEAST_CHANGE
        kept.append(moved)
        if moved:
            last[device] = percent
    return pl.Series(kept, dtype=pl.Boolean)

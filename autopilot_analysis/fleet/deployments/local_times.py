"""Times of portal CSVs, in the browser's zone without saying which -> UTC, by rows of other exports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from zoneinfo import available_timezones

import polars as pl

from autopilot_analysis.clock import zone_name
from autopilot_analysis.clock.offsets import FURTHEST, OFFSETS
from autopilot_analysis.clock.zones import in_zone
from autopilot_analysis.errors import UnknownName
from autopilot_analysis.readers.service.deployments.deployment import LOCAL_TIME
from autopilot_analysis.readers.service.report_csv import LOCAL_REASON
from autopilot_analysis.tables import Tables

TIMES = ("started_at", "ended_at", "observed_until")

_FLAG = rf"(^|,){LOCAL_TIME}(,|$)"

SUMMER_TIME = timedelta(hours=1)
AGREEING = timedelta(minutes=5)
LEAST_ROWS = 3
LEAST_AGREEING = 0.1
"""An offset that fewer of the rows show than this is a coincidence; summer time makes two offsets."""

_ZONE: ContextVar[str] = ContextVar("own_zone", default="")


def own_zone() -> str:
    """Return the time zone of portal CSVs that holds now; empty for none."""
    return _ZONE.get()


@contextmanager
def using_zone(name: str) -> Iterator[None]:
    """Let portal CSVs be of a time zone for as long as exports are read.

    Args:
        name: Such as `Europe/Berlin` or `W. Europe Standard Time`; empty leaves what holds already.

    Raises:
        UnknownName: There is no such time zone.
    """
    token = _ZONE.set(zone_of(name) if name else own_zone())
    try:
        yield
    finally:
        _ZONE.reset(token)


def in_own_zone(tables: Tables) -> Tables:
    """Return tables whose portal times are in UTC by the zone that holds now, and no gap that asks for it.

    Args:
        tables: What `read_tables` returned.
    """
    if not own_zone() or tables.deployments.is_empty():
        return tables
    deployments = place_local_times(tables.deployments, own_zone())
    return Tables.of({**tables.frames(), "deployments": deployments, "gaps": without_local_gap(tables.gaps)})


def without_local_gap(gaps: pl.DataFrame) -> pl.DataFrame:
    """Return the gaps without those that a named time zone answers.

    Args:
        gaps: The table `gaps`.
    """
    return gaps.filter(pl.col("reason") != LOCAL_REASON)


def anchor_local_times(deployments: pl.DataFrame) -> pl.DataFrame:
    """Bring times without an offset to UTC where other exports tell of the same attempts in UTC.

    The flag `local_time` becomes `local_time=+120min`, minutes ahead of UTC. Rows between take the offset of
    the nearest day that has one. Without `LEAST_ROWS` attempts that agree, nothing moves.

    Args:
        deployments: One attempt a row, of all exports.
    """
    rows = deployments.select(
        "started_at", row=pl.int_range(pl.len()), who=pl.col("device").str.to_lowercase(), local=_local()
    ).drop_nulls("started_at")
    unsure = rows.filter("local")
    offsets = _offsets(unsure, rows.filter(~pl.col("local")))
    if not offsets.height:
        return deployments
    dated, known = unsure.sort("started_at"), offsets.sort("started_at")
    nearest = dated.join_asof(known, on="started_at", strategy="nearest").select("row", "offset")
    found = deployments.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    found = found.join(nearest, on="row", how="left", maintain_order="left")
    ahead = pl.col("offset").fill_null(timedelta())
    minutes = pl.col("offset").dt.total_minutes()
    sign = pl.when(minutes < 0).then(pl.lit("-")).otherwise(pl.lit("+"))
    offset_text = pl.concat_str(sign, minutes.abs(), pl.lit("min"))
    return found.with_columns(
        *(pl.col(name) - ahead for name in TIMES),
        pl.when(pl.col("offset").is_not_null()).then(_flag(offset_text)).otherwise("flags").alias("flags"),
    ).select(deployments.columns)


def place_local_times(deployments: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Bring times without an offset to UTC by the time zone the analyst named.

    The flag `local_time` becomes `local_time=Europe/Berlin`. Of an hour that the clock showed twice the
    round is that of `TWICE` (clock/zones.py); an hour it left out is null.

    Args:
        deployments: One attempt a row.
        zone: A name of the IANA time zone database.
    """
    rows = deployments.with_row_index("row")
    local = rows.filter(_local())
    walls = [pl.col(name).dt.replace_time_zone(None) for name in TIMES]
    placed = local.with_columns(
        *(in_zone(wall, zone).dt.convert_time_zone("UTC") for wall in walls),
        _flag(pl.lit(zone)).alias("flags"),
    )
    others = rows.join(local.select("row"), on="row", how="anti")
    return pl.concat([others, placed]).sort("row").drop("row")


def zone_of(name: str) -> str:
    """Return the IANA name of a time zone, given as such or as Windows calls it.

    Args:
        name: Such as `Europe/Berlin` or `W. Europe Standard Time`.

    Raises:
        UnknownName: There is no such time zone.
    """
    zone = zone_name(name)
    if zone is None:
        raise UnknownName.among("time zone", name, available_timezones())
    return zone


def _local() -> pl.Expr:
    """Tell which rows still stand in local time."""
    return pl.col("flags").str.contains(_FLAG).fill_null(value=False)


def _flag(what: pl.Expr) -> pl.Expr:
    """Return the flags with what became of the local time behind `local_time`."""
    marked = pl.col("flags").str.replace(_FLAG, f"${{1}}{LOCAL_TIME}=\0${{2}}")
    return marked.str.replace("\0", what, literal=True)


def _offsets(unsure: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    """Return starts of local rows and how far they are ahead of the same attempt in UTC."""
    pairs = unsure.join(sure, on="who", suffix="_utc")
    apart = pl.col("started_at") - pl.col("started_at_utc")
    step = OFFSETS.step * 1_000_000
    steps = (apart.dt.total_microseconds() / step).round().cast(pl.Int64)
    pairs = pairs.with_columns(offset=(steps * step).cast(pl.Duration("us")))
    near = pairs.filter(pl.col("offset").abs() <= FURTHEST, (apart - pl.col("offset")).abs() <= AGREEING)
    counts = near.group_by("offset").agg(pl.len().alias("count"))
    usual = counts.filter(
        pl.col("count") >= LEAST_ROWS, pl.col("count") >= LEAST_AGREEING * near["row"].n_unique()
    )
    kept = near.join(usual, on="offset").sort("count", descending=True)
    once = kept.unique("row", keep="first", maintain_order=True)
    return pl.concat([each.select("started_at", "offset") for each in (once, _of_summer_time(near, once))])


def _of_summer_time(near: pl.DataFrame, usual: pl.DataFrame) -> pl.DataFrame:
    """Return the few rows before or behind all others an hour off their offset: the clock was changed.

    Args:
        near: Rows with the offsets that they may have.
        usual: Rows whose offset enough others share.
    """
    left = near.join(usual, on="row", how="anti")
    outside = ~pl.col("started_at").is_between(usual["started_at"].min(), usual["started_at"].max())
    if usual["offset"].n_unique() != 1:
        return left.clear()
    changed = (pl.col("offset") - usual["offset"][0]).abs() == SUMMER_TIME
    return left.filter(outside, changed, pl.len().over("row") == 1)

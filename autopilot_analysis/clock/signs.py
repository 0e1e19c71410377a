"""The records that show a clock step, each source on its own: what was, what became, who recorded it."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.clock.records import (
    NEARBY,
    SERIES,
    SMALLEST_STEP,
    UNNAMED_STEP,
    field,
    in_series,
    instant,
    of_kind,
)
from autopilot_analysis.facts.boot_events import SUREST, boot_rank

TIME_OFF, TIME_SET = 753, 751
"""Autopilot's client found its clock off; it had the clock set."""
FORWARD_PROCESSES = r"(?i)\\svchost\.exe$"
"""The time service runs in svchost; others set the clock of a resumed machine, whose past was right."""


@cache
def _no_steps() -> pl.DataFrame:
    at = pl.Datetime("us", "UTC")
    place = {"member": pl.String(), "channel": pl.String(), "record": pl.Int64()}
    return pl.DataFrame(schema={"old_at": at, "new_at": at, "sure": pl.Boolean(), **place})


def _kernel_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Kernel-General 1 of the System log; reason 3 is a change of zone, reason 2 a wake-up from sleep."""
    set_anew = of_kind(events, "Microsoft-Windows-Kernel-General", 1)
    if set_anew.is_empty():
        return _no_steps()
    return set_anew.filter(field("Reason").fill_null("1").is_in(["1"])).select(
        old_at=instant(field("OldTime")),
        new_at=instant(field("NewTime")),
        sure=field("ProcessName").fill_null("").str.contains(FORWARD_PROCESSES),
        member="member",
        channel="channel",
        record="record",
    )


def _time_service_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Time-Service 261: the time service set the time."""
    set_anew = of_kind(events, "Microsoft-Windows-Time-Service", 261)
    if set_anew.is_empty():
        return _no_steps()
    return set_anew.select(
        old_at=instant(field("OldTime")),
        new_at=instant(field("NewTime")),
        sure=pl.lit(value=True),
        member="member",
        channel="channel",
        record="record",
    )


def _autopilot_steps(ordered: pl.DataFrame) -> pl.DataFrame:
    """Autopilot 751 straight after 753: the client found its clock off and had it set.

    The time between the two records is in the amount, so a record that states both clocks is closer.
    """
    if not ordered["event_id"].eq(TIME_SET).any():
        return _no_steps()
    autopilot = ordered.filter(
        pl.col("provider").str.to_lowercase() == "microsoft-windows-moderndeployment-diagnostics-provider"
    ).with_columns(
        before_id=pl.col("event_id").shift().over(SERIES),
        before_at=pl.col("recorded_at").shift().over(SERIES),
    )
    return autopilot.filter((pl.col("event_id") == TIME_SET) & (pl.col("before_id") == TIME_OFF)).select(
        old_at="before_at",
        new_at="recorded_at",
        sure=pl.lit(value=True),
        member="member",
        channel="channel",
        record="record",
    )


def _unnamed_steps(ordered: pl.DataFrame) -> pl.DataFrame:
    """Time that falls by `UNNAMED_STEP` or more along the record ids of one channel, and stays down.

    Single records written late, as after a wake-up, are no step: the five records that follow a fall must all
    lie before what stood there. With a start of the system among these, told by itself, the clock may as
    well have gone wrong while the device was off.
    """
    ordered = ordered.with_columns(series=pl.struct(SERIES).rle_id(), started=boot_rank().eq_missing(SUREST))
    series, recorded_at, started = pl.col("series"), pl.col("recorded_at"), pl.col("started")

    def near(places: int, value: pl.Expr) -> pl.Expr:
        return pl.when(series == series.shift(places)).then(value.shift(places))

    after = [near(-n, recorded_at) for n in range(1, 5)]
    starts = [near(-n, started).fill_null(value=False) for n in range(1, 5)]
    return (
        ordered.with_columns(
            before_at=near(1, recorded_at),
            highest=pl.max_horizontal(recorded_at, *after),
            sure=~pl.any_horizontal(started, *starts),
        )
        .filter(pl.col("before_at") - pl.col("highest") >= UNNAMED_STEP)
        .select(
            old_at="before_at",
            new_at="recorded_at",
            sure="sure",
            member="member",
            channel="channel",
            record="record",
        )
    )


def _late(falls: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Return the falls that are records kept from before a standby and written after it: no steps.

    Kernel-General 1 with reason 2 spans the standby: from the clock before it to the clock after it.
    """
    standby = of_kind(ordered, "Microsoft-Windows-Kernel-General", 1).filter(field("Reason") == "2")
    asleep = standby.select(slept_at=instant(field("OldTime")), woke_at=instant(field("NewTime")))
    kept = pl.col("new_at").is_between(pl.col("slept_at") - NEARBY, pl.col("slept_at") + NEARBY)
    return falls.join(asleep.drop_nulls(), how="cross").filter(
        kept, pl.col("old_at") >= pl.col("woke_at") - NEARBY
    )


POSSIBLE_YEARS = (1601, 9998)
"""Windows counts from 1601; years behind 9999 can be shown nowhere."""


def recorded_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Return every record that tells of a clock step, several of one step included.

    Args:
        events: As for `find_steps`.
    """
    written = events.filter(pl.col("recorded_at").is_not_null())
    ordered = in_series(written.select(*SERIES, "record", "recorded_at", "provider", "event_id", "data"))
    named = pl.concat([_kernel_steps(ordered), _time_service_steps(ordered)])
    falls = pl.concat([_autopilot_steps(ordered), _unnamed_steps(ordered)])
    if falls.height:
        falls = falls.join(_late(falls, ordered), on=[*SERIES, "record"], how="anti")
    found = pl.concat([named.with_columns(named=True), falls.with_columns(named=False)]).with_columns(
        amount=pl.col("new_at") - pl.col("old_at")
    )
    if found.is_empty():
        return found
    return (
        found.drop_nulls(["old_at", "new_at"])
        .filter(pl.col("amount").abs() >= SMALLEST_STEP)
        .filter(pl.col(name).dt.year().is_between(*POSSIBLE_YEARS) for name in ("old_at", "new_at"))
    )

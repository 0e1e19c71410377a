"""Which attempts began before their first record: the logs that would hold their beginning begin later."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.event_log.record_gaps import ROLLED_OVER
from autopilot_analysis.tables import STAGES, Tables
from autopilot_analysis.tables.story import PHASES
from autopilot_analysis.trace.stages import STAGE

EARLIER_WITHIN = timedelta(hours=1)
"""A log that lost its oldest records and begins longer before an attempt would hold its first stages."""
NO_BEGINNING = ("device_preparation", *PHASES)
"""Stages of the status page: no enrolment begins with them."""
WITHOUT_PROFILE = ("device_preparation", "not_autopilot")
"""In all other scenarios no attempt begins with the enrolment either: a profile or a join came first."""
LATE_LOG: dict[str, pl.DataType | type[pl.DataType]] = {
    "device": pl.String,
    "log_at": pl.Datetime("us", "UTC"),
    "begins": STAGE,
}
"""Columns of `late_logs`: where a log begins, and the first stage that such a log tells of."""


def late_logs(tables: Tables) -> pl.DataFrame:
    """Return the event logs that lost their oldest records, each with its first instant and stage.

    Args:
        tables: What `read_tables` returned.
    """
    rolled = tables.gaps.filter(pl.col("reason").str.contains(ROLLED_OVER, literal=True))
    rolled = rolled.drop_nulls("member").select("device", "member").unique()
    if rolled.is_empty():
        return pl.DataFrame(schema=LATE_LOG)
    own = tables.events.join(rolled, on=["device", "member"], how="semi")
    logs = own.group_by("device", "member", maintain_order=True).agg(
        pl.col("channel").drop_nulls().first(),
        pl.col("provider").drop_nulls().unique(),
        log_at=pl.col("at").min(),
    )
    known = logs.select("channel", "provider").iter_rows()
    begins = [_first_stage(channel or "", providers) for channel, providers in known]
    return logs.select("device", "log_at", pl.Series("begins", begins, dtype=STAGE)).drop_nulls()


def began_before(attempts: pl.DataFrame, numbered: pl.DataFrame, logs: pl.DataFrame) -> pl.DataFrame:
    """Return device and attempt of those that began before their first record, as the logs show.

    An attempt first seen on the status page, or enrolling, went through other stages before; where a log that
    tells of these begins later, they were lost with its oldest records. A scenario that leaves the enrolment
    out by design has a status page of its own.

    Args:
        attempts: With device, attempt, scenario, `first` (the stage seen first) and `started_at`.
        numbered: What `number_attempts` returned.
        logs: What `late_logs` returned.
    """
    key = ["device", "attempt"]
    fresh = numbered.filter(pl.col("opening") == "start").select(key).unique()
    enrolled = (pl.col("first") == "mdm_enrollment") & ~pl.col("scenario").is_in(WITHOUT_PROFILE)
    skips = read_facts("scenario_skips").filter(stage="mdm_enrollment")["scenario"]
    own = pl.col("scenario").is_in(skips.implode()).fill_null(value=False)
    onward = pl.col("first").is_in(NO_BEGINNING) | enrolled.fill_null(value=False)
    late = attempts.filter(onward, ~own).join(fresh, on=key, how="semi")
    both = late.join(logs, on="device").filter(
        pl.col("begins") < pl.col("first"), pl.col("log_at") >= pl.col("started_at") - EARLIER_WITHIN
    )
    return both.select(key).unique()


def _first_stage(channel: str, providers: list[str]) -> str | None:
    """Return the first stage that a log with such a channel and such providers begins; None for none."""
    own = {provider.lower() for provider in providers}
    places = [
        place
        for place, pattern, known in _stage_events()
        if (pattern.search(channel.lower()) if pattern else own & known)
    ]
    return STAGES[min(places)] if places else None


@cache
def _stage_events() -> tuple[tuple[int, re.Pattern[str] | None, frozenset[str]], ...]:
    """Return the place of a stage, the channel and the providers of each event that begins one."""
    rows = read_facts("stages").filter(kind="event", edge="start").drop_nulls("stage")
    return tuple(
        (STAGES.index(stage), re.compile(channel) if channel else None, frozenset(provider.split(" | ")))
        for stage, channel, provider in rows.select("stage", "channel", "provider").iter_rows()
    )

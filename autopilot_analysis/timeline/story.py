"""What records add up to as rows of the timeline: attempts, stages, installs, screens, steps, findings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import BOOT, CLOCK_STEP, RENAME, SHUTDOWN, SLEEP, in_words
from autopilot_analysis.tables.timeline import LANES, LEVELS
from autopilot_analysis.tables.verdict import CRITICAL, ERROR, HIGH, INFO, WARNING
from autopilot_analysis.timeline.records import OWN_TRACK, lane_of, shorten, title_of
from autopilot_analysis.trace.storyline import FAILED

LEVEL_OF_SEVERITY = {CRITICAL: CRITICAL, HIGH: ERROR, WARNING: WARNING, INFO: INFO}
OWN_COLUMNS = {"id", "device", "attempt", "stage", "outcome", "title", "code", "clock", "member", "record"}
"""Columns that the timeline has itself."""
TOLD_BY = {
    BOOT: ("Microsoft-Windows-Kernel-General", 12),
    SHUTDOWN: ("User32", 1074),
    RENAME: ("EventLog", 6011),
    CLOCK_STEP: ("Microsoft-Windows-ModernDeployment-Diagnostics-Provider", 751),
}
"""Kinds of steps that have the title of an event."""
STEP_TITLES = {
    SLEEP: "Asleep",
    "agent_start": "Intune agent started",
    "power_source": "Power",
    "battery": "Battery",
    "disk_space": "Disk",
}
"""Titles of the other kinds."""


def _lane(of: str, name: str, default: str = "records") -> pl.Expr:
    column = pl.col(name).cast(pl.String)
    return column.replace_strict(lane_of(of), default=default, return_dtype=pl.Enum(LANES))


def _words(name: str) -> pl.Expr:
    """A name of ours as a heading: "mdm_enrollment" becomes "MDM enrolment"."""
    return pl.col(name).cast(pl.String).map_elements(wording.heading, return_dtype=pl.String)


def _joined(*parts: pl.Expr, separator: str = wording.BETWEEN) -> pl.Expr:
    return shorten(pl.concat_str(*parts, separator=separator, ignore_nulls=True))


def _outcome_level(name: str = "outcome") -> pl.Expr:
    bad = pl.col(name).cast(pl.String).is_in(FAILED_TRIES)
    return pl.when(bad).then(pl.lit(ERROR)).otherwise(pl.lit(INFO)).cast(pl.Enum(LEVELS))


def fields_as_json(row: Mapping[str, Any]) -> str:
    """Return the columns of a row that no column of the timeline holds as one JSON object; spans in seconds.

    Args:
        row: One row of a table.
    """
    given = {name: value for name, value in row.items() if value is not None and name not in OWN_COLUMNS}
    plain = {
        f"{name}_seconds" if isinstance(value, timedelta) else name: _plain(value)
        for name, value in given.items()
    }
    return json.dumps(plain, ensure_ascii=False)


def _plain(value: object) -> object:
    """Return a value as JSON has it: instants in ISO 8601, nested JSON as an object."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, str) and value[:1] == "{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value if isinstance(value, str | int | float | bool | list) else str(value)


def _with_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the columns of each row as JSON: a few rows, as against records."""
    texts = [fields_as_json(row) for row in rows.iter_rows(named=True)]
    return rows.with_columns(text=pl.Series(texts, dtype=pl.String))


def attempt_rows(attempts: pl.DataFrame) -> pl.DataFrame:
    """Return each attempt as a span."""
    number = pl.format(wording.attempt("{}"), "attempt")
    where = pl.concat_str(
        in_words(pl.col("outcome")), pl.lit(" in ") + in_words(pl.col("failed_stage")), ignore_nulls=True
    )
    first = pl.col("started_at").dt.strftime(wording.CLOCK_TIME)
    before = pl.when(~pl.col("begun")).then(pl.format(wording.in_zone("began before {}"), first))
    return _with_text(attempts).select(
        "device",
        "attempt",
        "code",
        "ended_at",
        "text",
        at="started_at",
        open=pl.col("started_at").is_not_null() & pl.col("ended_at").is_null(),
        kind=pl.lit("attempt"),
        lane=pl.lit("attempts"),
        track=pl.lit("attempts"),
        level=_outcome_level(),
        outcome=pl.col("outcome").cast(pl.String),
        title=_joined(number, in_words(pl.col("scenario")), where, pl.col("code"), before),
    )


def stage_rows(runs: pl.DataFrame) -> pl.DataFrame:
    """Return each stage run as a span."""
    begun = pl.col("started_at").is_not_null()
    span = {
        "at": pl.coalesce("started_at", "ended_at"),
        "ended_at": pl.when(begun).then("ended_at"),
        "open": begun & pl.col("ended_at").is_null(),
    }
    return _with_text(runs).select(
        *("device", "attempt", "stage", "code", "text"),
        **span,
        kind=pl.lit("stage"),
        lane=_lane("stage", "stage"),
        track=_words("stage"),
        level=_outcome_level(),
        outcome=pl.col("outcome").cast(pl.String),
        title=_joined(_words("stage"), in_words(pl.col("outcome")), pl.col("code")),
        member=pl.coalesce("started_member", "ended_member"),
        record=pl.coalesce("started_record", "ended_record"),
    )


def mark_rows(marks: pl.DataFrame) -> pl.DataFrame:
    """Return each mark as a moment."""
    by_stage = pl.col("stage").cast(pl.String).replace_strict(lane_of("stage"), default=None)
    by_name = pl.col("mark").replace_strict(lane_of("mark"), default="records")
    bad = pl.col("mark").str.contains(FAILED)
    level = pl.when(bad).then(pl.lit(ERROR)).otherwise(pl.lit(INFO))
    return marks.select(
        "device",
        "at",
        "clock",
        "stage",
        "code",
        "member",
        "record",
        kind=pl.lit("mark"),
        lane=pl.coalesce(by_stage, by_name).cast(pl.Enum(LANES)),
        track=pl.coalesce(_words("stage"), pl.lit(OWN_TRACK)),
        level=level.cast(pl.Enum(LEVELS)),
        title=_joined(_words("mark"), pl.col("code")),
        text=pl.col("detail").fill_null("{}"),
    )


def install_rows(installs: pl.DataFrame) -> pl.DataFrame:
    """Return each try at an item as a span from its first to its last sign of life."""
    began = pl.coalesce("download_started_at", "started_at", "required_at")
    ended = pl.coalesce("ended_at", "download_ended_at")
    name = CALLED
    many = pl.when(pl.col("try_number") > 1).then(pl.lit("try ") + pl.col("try_number").cast(pl.String))
    return _with_text(installs).select(
        "device",
        "attempt",
        "clock",
        "code",
        "member",
        "record",
        "text",
        "outcome",
        at=pl.coalesce(began, ended),
        ended_at=pl.when(began.is_not_null() & (ended >= began)).then(ended),
        open=began.is_not_null() & ended.is_null(),
        kind=pl.lit("install"),
        lane=_lane("install", "kind", "apps"),
        track=name,
        level=_outcome_level(),
        title=_joined(name.str.slice(0, 48), many, in_words(pl.col("outcome")), pl.col("code")),
    )


def step_rows(steps: pl.DataFrame) -> pl.DataFrame:
    """Return boots, shutdowns, renames, sleeps and clock steps; a sleep is a span."""
    kind = pl.col("kind").cast(pl.String)
    asleep = kind == SLEEP
    titles = STEP_TITLES | {step: title_of(*event) for step, event in TOLD_BY.items()}
    words = kind.replace_strict(titles, default=kind)
    grave = pl.when(kind == CLOCK_STEP).then(pl.lit(WARNING)).otherwise(pl.lit(INFO))
    return _with_text(steps).select(
        "device",
        "at",
        "member",
        "record",
        "text",
        ended_at=pl.when(asleep).then(pl.col("at") + pl.col("amount")),
        open=asleep & pl.col("amount").is_null() & pl.col("at").is_not_null(),
        kind=pl.lit("step"),
        lane=pl.lit("power"),
        track=pl.lit("Starts, sleep, clock"),
        level=grave.cast(pl.Enum(LEVELS)),
        outcome=kind,
        title=_joined(words, pl.col("detail"), separator=": "),
    )


def screen_rows(screens: pl.DataFrame) -> pl.DataFrame:
    """Return each page of OOBE as a span."""
    name = pl.coalesce("title", "screen")
    result = pl.col("result").cast(pl.String)
    failed = pl.col("code").is_not_null() | pl.col("error").is_not_null()
    level = pl.when(failed).then(pl.lit(ERROR)).otherwise(pl.lit(INFO))
    return _with_text(screens).select(
        "device",
        "attempt",
        "ended_at",
        "clock",
        "code",
        "member",
        "record",
        "text",
        at=pl.coalesce("at", "visible_at"),
        open=pl.coalesce("at", "visible_at").is_not_null() & pl.col("ended_at").is_null(),
        kind=pl.lit("screen"),
        lane=pl.lit("screens"),
        track=pl.lit("Pages"),  # one after another
        level=level.cast(pl.Enum(LEVELS)),
        outcome=result,
        title=_joined(name, result, pl.col("code")),
    )


def finding_rows(findings: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Return each finding, with the place of its first proof."""
    first = evidence.group_by("finding", maintain_order=True).agg(
        pl.col("member", "record").first(), proven_at=pl.col("at").min()
    )
    severity = pl.col("severity").cast(pl.String)
    cut = shorten(pl.col("title")) != pl.col("title")
    read = ("meaning", "remedy", "item", "page", "rule", "confidence")  # in this order
    texts = _with_text(findings.select(pl.when(cut).then("title").alias("in_full"), *read))["text"]
    rows = findings.with_columns(text=texts).join(
        first, left_on="id", right_on="finding", how="left", maintain_order="left"
    )
    return rows.select(
        "device",
        "attempt",
        "stage",
        "code",
        "member",
        "record",
        "text",
        at=pl.coalesce("at", "proven_at"),
        kind=pl.lit("finding"),
        lane=pl.lit("findings"),
        track=pl.lit("findings"),
        level=severity.replace_strict(LEVEL_OF_SEVERITY, return_dtype=pl.Enum(LEVELS)),
        outcome=pl.col("role").cast(pl.String),
        title=shorten(pl.col("title")),
        own_finding="id",
    )


def evidence_rows(evidence: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the proofs that lie in no record of the line, such as registry values.

    Args:
        evidence: The table `evidence`.
        rows: What stands on the line already.
    """
    place = ["device", "member", "record"]
    alone = evidence.join(rows.select(place), on=place, how="anti", nulls_equal=True)
    return alone.unique(place, keep="first", maintain_order=True).select(
        "device",
        "at",
        "code",
        "member",
        "record",
        "attempt",
        kind=pl.lit("evidence"),
        lane=pl.lit("findings"),
        track=pl.lit("evidence"),
        level=pl.lit(INFO, dtype=pl.Enum(LEVELS)),
        title=shorten(pl.col("quote")),
        text="quote",
    )

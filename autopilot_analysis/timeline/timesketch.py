"""The timeline as Timesketch imports it: JSON lines with the fields that it asks for, and columns behind."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from autopilot_analysis.tables.timeline import EVENT, LOG_LINE

DESCRIPTIONS = {
    EVENT: "Event Logged",
    LOG_LINE: "Log Line Written",
    "mark": "Progress Observed",
    "stage": "Stage Start",
    "attempt": "Enrolment Start",
    "install": "Install Start",
    "step": "Device State Change",
    "screen": "Screen Shown",
    "finding": "Finding",
    "evidence": "Evidence",
}
"""What happened at the instant, in the manner of Timesketch."""
ENDS = {
    "stage": "Stage End",
    "attempt": "Enrolment End",
    "install": "Install End",
    "step": "Device State Change End",
    "screen": "Screen Shown End",
}
"""What happened at the end of those that last."""
OWN = {
    "message": pl.concat_str("title", pl.lit(" ["), pl.coalesce("channel", "track"), pl.lit("]")),
    "datetime": pl.col("at").dt.to_string("%Y-%m-%dT%H:%M:%S%.6f+00:00"),
    "timestamp_desc": pl.col("timestamp_desc"),
    "timestamp": pl.col("at").dt.epoch("us"),
}
"""The fields that Timesketch asks for, and what each is made of; instants in microseconds."""
COLUMNS = (
    *("device", "lane", "track", "kind", "level", "stage", "attempt", "outcome", "code", "clock"),
    *("provider", "event_id", "member", "record", "text"),
)
"""Columns of the timeline that stand beside them."""


def write_timesketch(timeline: pl.DataFrame, file: Path) -> None:
    """Write each dated row as one JSON object a line; Timesketch has no place for a row without an instant.

    A span is two rows, its start and its end, so that both are found by time.

    Args:
        timeline: What `build_timeline` returned.
        file: Where to write; Timesketch wants the ending .jsonl.
    """
    starts = timeline.filter(pl.col("at").is_not_null())
    kind = pl.col("kind").cast(pl.String)
    ends = starts.filter(pl.col("ended_at") > pl.col("at")).with_columns(at="ended_at")
    rows = pl.concat(
        [
            starts.with_columns(timestamp_desc=kind.replace_strict(DESCRIPTIONS)),
            ends.with_columns(timestamp_desc=kind.replace_strict(ENDS)),
        ]
    ).sort("at", "id", maintain_order=True)
    tags = pl.lit("finding-") + pl.element().cast(pl.String)
    rows.select(
        *(value.alias(name) for name, value in OWN.items()), *COLUMNS, tag=pl.col("findings").list.eval(tags)
    ).write_ndjson(file)

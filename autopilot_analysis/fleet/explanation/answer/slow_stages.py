"""By how much a slow group is slow: the stage that takes it longest beside all others, in minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.failures.own_codes import incident_of, within_incident
from autopilot_analysis.fleet.frames import with_columns_of
from autopilot_analysis.fleet.measures.durations import SPANS, finished_spans
from autopilot_analysis.groups import Group
from autopilot_analysis.tables.outcomes import FINISHED

LEAST_SPANS = 5
"""The median of fewer spans is not told."""
LEAST_LONGER = 1.0
"""A stage that takes so many minutes less longer than it does elsewhere is not told."""


def longest_apart(rows: pl.DataFrame, row: Mapping[str, Any]) -> str:
    """Return the stage whose median lies farthest above that of all others: ": device setup took 55 min …".

    The whole time stands there where no stage is measured; nothing where nothing takes clearly longer.

    Args:
        rows: Deployments.
        row: A group of `Explanation.contrasts` that is slow.
    """
    frame = with_columns_of(rows, ("outcome", "started_at", *SPANS))
    frame = frame.filter(pl.col("outcome").cast(pl.String).is_in(FINISHED))
    own = frame.filter(within_incident(*incident_of(row)))
    others = frame.filter(~Group.parse(row["where"]).filter())
    medians = {stage: (_median(own, stage), _median(others, stage)) for stage in SPANS}
    apart = {
        stage: here - there
        for stage, (here, there) in medians.items()
        if here is not None and there is not None and here - there >= LEAST_LONGER
    }
    stages = [stage for stage in apart if stage != "total"] or list(apart)
    if not stages:
        return ""
    stage = max(stages, key=lambda name: apart[name])
    here, there = (wording.span(timedelta(minutes=round(each or 0))) for each in medians[stage])
    what = "they" if stage == "total" else wording.words(stage)
    return f": {what} took {here} (median), elsewhere {there}"


def _median(frame: pl.DataFrame, stage: str) -> float | None:
    """Return the median of the whole spans of a stage in minutes, None where they are too few."""
    if frame.schema[stage] != pl.Duration:
        return None
    spans = frame[stage].filter(finished_spans(frame, stage))
    median = spans.median() if spans.len() >= LEAST_SPANS else None
    return median.total_seconds() / 60 if isinstance(median, timedelta) else None

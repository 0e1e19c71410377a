"""An incident of attempts made by hand."""

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.fleet.dataset.loading import gather_fleet
from autopilot_analysis.fleet.dataset.story import Story
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.postmortem.case import Case
from autopilot_analysis.tables import SCHEMAS, Findings, Tables, Trace


def case_of(rows):
    """An incident of attempts made by hand: device, user, minutes at, minutes long, outcome, inside."""
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    kinds = {"device": str, "user": str, "at": int, "long": int, "outcome": str, "inside": bool}
    micro, moment = pl.Duration("us"), pl.Datetime("us", "UTC")
    frame = pl.DataFrame(rows, schema=kinds, orient="row")
    frame = frame.with_columns(
        started_at=(start + pl.duration(minutes="at")).cast(moment),
        total=pl.duration(minutes="long").cast(micro),
        deployment=pl.int_range(pl.len()).cast(pl.String),
        origin=pl.lit("graph"),
        hit=pl.col("outcome") == "failed",
        code=pl.lit(None, dtype=pl.String),
        failed_stage=pl.lit(None, dtype=pl.String),
        observed_until=pl.lit(None, dtype=moment),
    ).with_columns(ended_at=pl.col("started_at") + pl.col("total"))
    fleet = gather_fleet({name: schema.create_empty() for name, schema in SCHEMAS.items()})
    story = Story(Tables.of({}), Trace.of({}), Findings.of({}))
    nothing = Explanation(pl.DataFrame(), pl.DataFrame())
    return Case(fleet, story, frame, {"model": "M"}, "failed", None, None, nothing, None, None, "")


@pytest.fixture(name="case_of")
def case_builder():
    """The builder."""
    return case_of

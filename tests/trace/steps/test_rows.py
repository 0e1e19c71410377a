"""Each finder of steps gives the same columns."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from autopilot_analysis.trace.steps.rows import NO_STEPS, as_steps

AT = datetime(2026, 4, 14, 8, 30, tzinfo=UTC)


def test_records_become_steps_that_keep_where_they_stand():
    rows = pl.DataFrame(
        {"device": ["SN-1"], "at": [AT], "member": ["a.evtx"], "record": [7], "code": [3], "beside": ["x"]}
    )
    steps = as_steps(rows, "restart", pl.col("code"))
    assert steps.to_dicts() == [
        {"device": "SN-1", "at": AT, "member": "a.evtx", "record": 7, "kind": "restart", "detail": "3"}
    ]


def test_no_steps_are_an_empty_frame_of_the_columns_that_steps_have():
    rows = pl.DataFrame({"device": ["SN-1"], "at": [AT], "member": ["a.evtx"], "record": [7]})
    assert NO_STEPS.is_empty()
    assert NO_STEPS.columns == as_steps(rows, "restart", pl.lit(None)).columns

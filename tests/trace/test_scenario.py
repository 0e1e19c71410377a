"""Which scenario an attempt ran through."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.trace.scenario import find_scenarios


def test_an_attempt_whose_opening_is_unknown_is_judged_by_its_marks_and_a_retry_follows_it():
    numbered = pl.DataFrame(
        {"device": ["D", "D"], "attempt": [1, 2], "mark": ["white_glove"] * 2, "opening": [None, "retry"]}
    )
    devices = pl.DataFrame({"device": ["D"], "scenario": [None]}, schema_overrides={"scenario": pl.String})
    assert find_scenarios(numbered, devices)["scenario"].to_list() == ["pre_provisioning_technician"] * 2

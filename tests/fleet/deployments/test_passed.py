"""Attempts that were not seen to end beside those that failed: who passed the stage of most failures."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.deployments.passed import (
    are_past,
    flags_of_passed,
    past_the_stage,
    stage_of_failures,
    with_passed,
)
from autopilot_analysis.fleet.explanation.answer.fleet_answer import verdict_of
from autopilot_analysis.tables import DEPLOYMENT_OUTCOMES, SCHEMAS
from autopilot_analysis.tables.story import STAGES


def deployments(*groups):
    """Rows as (how many, outcome, failed stage, flags, details)."""
    rows = [
        {"outcome": outcome, "failed_stage": stage, "flags": flags, "details": details}
        for many, outcome, stage, flags, details in groups
        for _ in range(many)
    ]
    schema = {
        "outcome": pl.Enum(DEPLOYMENT_OUTCOMES), "failed_stage": pl.Enum(STAGES), "flags": pl.String,
        "details": pl.String,
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema)
    names = pl.format("D-{}", pl.int_range(pl.len()))
    return frame.with_columns(
        device=names, deployment=names, started_at=pl.lit(None, pl.Datetime("us", "UTC"))
    )


PROXY, DIRECT = '{"proxy": "192.0.2.9:8080"}', '{"proxy": "direct"}'
FAILED = (9, "failed", "mdm_enrollment", None, PROXY)
ENROLLED = (15, "in_progress", None, "passed_mdm_enrollment", DIRECT)


def test_those_that_enrolled_stand_beside_those_that_did_not_although_they_were_not_seen_to_end():
    rows = deployments(FAILED, ENROLLED)
    assert are_past(rows).sum() == 15
    assert verdict_of(rows) == (
        "24 attempts on 24 devices; 9 of 24 (38 %, 21 to 57 %) failed in MDM enrolment; "
        "15 passed it and were not seen to end"
    )
    assert with_passed(with_passed(rows)).equals(with_passed(rows))


def test_what_their_own_files_tell_of_them_is_compared_then():
    found = explain(deployments(FAILED, ENROLLED))
    assert found.contrasts["where"].to_list() == ['{"proxy": "192.0.2.9:8080"}']
    assert found.few.startswith("Few to compare: 24 deployments ended or passed the stage of most failures;")
    assert "success: 15 of 24 deployments passed the stage of most failures and were not seen to end" in (
        found.limits
    )


def test_records_that_end_before_the_stage_stay_unknown():
    rows = deployments(FAILED, (15, "in_progress", None, "passed_entra_join", DIRECT))
    assert are_past(rows).sum() == 0
    assert verdict_of(rows).endswith("9 of 9 (100 %, 70 to 100 %) of those that ended failed; 15 not ended")
    assert explain(rows).contrasts.is_empty()


def test_both_are_told_apart():
    rows = deployments(FAILED, ENROLLED, (2, "in_progress", None, None, None))
    assert verdict_of(rows).endswith("15 passed it and were not seen to end; 2 not ended")


@pytest.mark.parametrize(("later", "stage"), [(8, "mdm_enrollment"), (9, None)])
def test_the_stage_is_one_in_which_more_than_half_of_the_failures_lie(later, stage):
    rows = deployments(FAILED, (later, "failed", "device_setup", None, None), ENROLLED)
    assert stage_of_failures(rows) == stage
    if stage:
        assert past_the_stage(rows).startswith(", 9 of them in MDM enrolment; 15 passed it")


def test_a_flag_names_the_last_stage_that_went_well():
    runs = SCHEMAS["stage_runs"].create_empty().select("device", "attempt", "stage", "outcome")
    told = [
        ("A", 1, "mdm_enrollment", "succeeded"), ("A", 1, "entra_join", "succeeded"),
        ("A", 1, "device_setup", "unfinished"), ("B", 1, "entra_join", "failed"),
    ]  # fmt: skip
    flags = flags_of_passed(pl.DataFrame(told, schema=runs.schema, orient="row"))
    assert flags.rows() == [("A", 1, "passed_mdm_enrollment")]

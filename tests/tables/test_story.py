"""What happened on a device: stages in their order, spans only where both ends were seen."""

import pytest
from dataframely.exc import ValidationError

from autopilot_analysis.tables.story import OUTCOMES, STAGES, Attempt, Install, StageRun


def test_stages_stand_in_the_order_in_which_a_device_goes_through_them():
    assert STAGES == [
        "network", "profile_download", "user_authentication", "entra_join", "mdm_enrollment",
        "device_preparation", "device_setup", "account_setup", "desktop",
    ]  # fmt: skip
    assert StageRun.columns()["stage"].categories == STAGES


def test_an_attempt_without_an_end_and_an_item_that_nobody_calls_blocking_stay_unknown():
    assert all(Attempt.columns()[name].nullable for name in ("ended_at", "waited", "failed_stage"))
    assert Install.columns()["blocking"].nullable


def test_an_outcome_of_no_name_is_refused(rows):
    run = {"attempt": 1, "stage": "device_setup", "outcome": "failed"}
    assert StageRun.validate(rows("stage_runs", run))["outcome"].to_list() == ["failed"]
    with pytest.raises(ValidationError):
        StageRun.validate(rows("stage_runs", run | {"outcome": None}))
    assert OUTCOMES == ["succeeded", "failed", "skipped", "unfinished", "unknown"]

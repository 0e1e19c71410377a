"""Which scenario an attempt ran through."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.trace.scenario import find_scenarios

NOBODY = pl.DataFrame({"device": ["D"], "scenario": [None]}, schema_overrides={"scenario": pl.String})


def test_an_attempt_whose_opening_is_unknown_is_judged_by_its_marks_and_a_retry_follows_it():
    numbered = pl.DataFrame(
        {"device": ["D", "D"], "attempt": [1, 2], "mark": ["white_glove"] * 2, "opening": [None, "retry"]}
    )
    devices = pl.DataFrame({"device": ["D"], "scenario": [None]}, schema_overrides={"scenario": pl.String})
    assert find_scenarios(numbered, devices)["scenario"].to_list() == ["pre_provisioning_technician"] * 2


@pytest.mark.parametrize(
    ("marks", "scenario"),
    [
        (["enrollment_began"], None),
        (["enrollment_began", "enrollment_failed"], None),
        (["enrollment_began", "join_began"], "user_driven"),
        (["join_prepared"], "user_driven"),
        (["enrollment_began", "device_setup_step_began"], "user_driven"),
        (["enrollment_began", "profile_saved"], "user_driven"),
        (["enrollment_began", "device_enrollment_began"], "self_deploying"),
        (["profile_not_provisioned"], "not_autopilot"),
        (["profile_empty", "profile_download_failed"], "not_autopilot"),
        (["profile_not_provisioned", "profile_download_failed"], None),
    ],
)
def test_an_enrolment_alone_speaks_for_no_scenario(marks, scenario):
    numbered = pl.DataFrame({"device": "D", "attempt": 1, "mark": marks, "opening": "start"})
    assert find_scenarios(numbered, NOBODY)["scenario"].to_list() == [scenario]


POLICY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\MDM"
AUTOMATIC = ["enrollment_began", "enrolled", "enrolled_automatically"]


@pytest.mark.parametrize(
    ("marks", "key", "value", "scenario"),
    [
        (AUTOMATIC, POLICY, "1", "not_autopilot"),
        (AUTOMATIC, POLICY, "0", None),
        (AUTOMATIC, POLICY + r"\Other", "1", None),
        (AUTOMATIC[:2], POLICY, "1", None),
        ([*AUTOMATIC, "profile_available"], POLICY, "1", "user_driven"),
        ([*AUTOMATIC, "device_setup_step_began"], POLICY, "1", "user_driven"),
    ],
)
def test_what_group_policy_enrols_is_no_deployment_of_autopilot(marks, key, value, scenario):
    numbered = pl.DataFrame({"device": "D", "attempt": 1, "mark": marks, "opening": "start"})
    values = pl.DataFrame({"device": ["D"], "key": [key], "name": ["AutoEnrollMDM"], "value": [value]})
    assert find_scenarios(numbered, NOBODY, values)["scenario"].to_list() == [scenario]

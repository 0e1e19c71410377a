"""What traces show of OOBE weighs where it fits the failure, and is told as context elsewhere."""

from datetime import timedelta

import pytest

OTHER_TENANT = [("sign_in_other_tenant", None, 20, None, "")]


@pytest.mark.parametrize(
    ("stage", "severity"), [("user_authentication", None), ("entra_join", None), ("device_setup", "info")]
)
def test_a_user_of_another_tenant_explains_no_failure_behind_the_join(proofs, failure, stage, severity):
    rows = proofs("SIGN-IN-OTHER-TENANT", **failure(stage), marks=OTHER_TENANT)
    assert rows["severity"].to_list() == [severity]


@pytest.mark.parametrize(
    ("attempts", "severity"), [([], None), ([("succeeded", None, "user_driven", 100, 160, None)], "info")]
)
def test_outside_every_attempt_it_weighs_on_a_device_that_never_succeeded(proofs, attempts, severity):
    assert proofs("SIGN-IN-OTHER-TENANT", attempts=attempts, marks=OTHER_TENANT)["severity"].to_list() == [
        severity
    ]


@pytest.mark.parametrize(("found", "gone", "lost"), [(5, 9, 1), (9, 5, 0), (None, 5, 0)])
def test_a_registration_went_when_the_last_answer_was_none_after_one_that_was(
    proofs, failure, found, gone, lost
):
    marks = [("profile_not_provisioned", None, gone, None, "")]
    marks += [] if found is None else [("profile_available", None, found, None, "")]
    assert proofs("REGISTRATION-LOST", **failure("profile_download"), marks=marks).height == lost


def test_an_error_page_says_what_it_said_and_how_long_it_stood(proofs, at):
    page = {"error_at": at(10), "error": "0x80070002", "error_waited": timedelta(seconds=90)}
    rows = proofs("OOBE-ERROR-PAGE", screens=[page, {"screen": "OobeEula"}])
    assert rows.select("quote", "item").rows() == [("Region: 0x80070002, for 90.0 s", "Region: 0x80070002")]


@pytest.mark.parametrize(
    ("stage", "runs", "severity"),
    [
        ("device_setup", [(1, "mdm_enrollment", "succeeded", 10, 20, None, None)], "info"),
        ("mdm_enrollment", [(1, "mdm_enrollment", "failed", 10, 20, None, None)], None),
    ],
)
def test_a_registration_that_went_after_the_device_was_enrolled_stopped_nothing(
    proofs, stage, runs, severity
):
    marks = [
        ("profile_available", "profile_download", 5, None, ""),
        ("profile_not_provisioned", "profile_download", 90, None, ""),
    ]
    attempts = [("failed", stage, "user_driven", 0, 60, None)]
    rows = proofs("REGISTRATION-LOST", attempts=attempts, runs=runs, marks=marks)
    assert rows["severity"].to_list() == [severity]

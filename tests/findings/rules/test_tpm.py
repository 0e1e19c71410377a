"""The TPM is blamed where device preparation failed, whatever it reported elsewhere."""

import pytest

from autopilot_analysis.findings import find


@pytest.mark.parametrize(
    "told",
    [
        ("TPM-ATTESTATION-FAILED", "tpm_identity_failed"),
        ("TPM-ATTESTATION-FAILED", "tpm_attestation_gave_up"),
        ("DEVICE-ENROLLMENT-FAILED", "device_enrollment_failed"),
    ],
)
@pytest.mark.parametrize(("stage", "found"), [("device_preparation", 1), ("device_setup", 0)])
def test_a_mark_of_the_tpm_counts_where_device_preparation_failed(proofs, failure, told, stage, found):
    rule, mark = told
    assert proofs(rule, **failure(stage), marks=[(mark, None, 20, None, "")]).height == found


def test_a_tpm_that_is_not_capable_needs_no_failure_beside_it(proofs):
    assert proofs("TPM-NOT-CAPABLE", marks=[("tpm_not_capable", None, 5, None, "")]).height == 1
    assert proofs("TPM-NOT-CAPABLE", marks=[("tpm_identity_failed", None, 5, None, "")]).is_empty()


@pytest.mark.parametrize(
    ("minute", "minutes", "records"),
    [
        (25, 420, 2),
        (25, -420, 2),
        (25, 5, 2),
        (25, 4, 0),
        (19, 420, 0),
        (20 + 12 * 60, 420, 2),
        (21 + 12 * 60, 420, 0),
    ],
)
def test_a_clock_that_was_set_soon_after_attestation_failed_was_wrong_then(
    proofs, failure, minute, minutes, records
):
    world = failure("device_preparation") | {"steps": [("clock_step", minute, minutes, "set")]}
    rows = proofs("TPM-ATTESTATION-CLOCK", **world, marks=[("tpm_identity_failed", None, 20, None, "")])
    assert rows.height == records


@pytest.mark.parametrize(("second", "asked"), [("failed", True), ("succeeded", False)])
def test_what_a_scenario_asks_of_the_device_is_no_reason_where_it_went_well_later(world, second, asked):
    attempts = [
        ("failed", "device_preparation", "self_deploying", 0, 30, "0x800705B4"),
        (second, None, "self_deploying", 40, 70, None),
    ]
    runs = [
        (1, "device_preparation", "failed", 10, 30, "0x800705B4", None),
        (2, "device_preparation", second, 45, 50, None, None),
    ]
    marks = [("tpm_identity_failed", "device_preparation", 20, "0x800705B4", "")]
    found = find(*world(attempts=attempts, runs=runs, marks=marks)).findings
    (meaning,) = found.filter(rule="TPM-ATTESTATION-FAILED")["meaning"]
    assert ("physical TPM 2.0" in meaning) is asked


@pytest.mark.parametrize(
    ("build", "code", "items"),
    [
        ("17763.195", "0x800705B4", ["17763.195"]),
        ("18361.1", None, ["18361.1"]),
        ("18362.30", "0x800705B4", []),
        ("17763.195", "0x80072EE2", []),
        (None, "0x800705B4", []),
    ],
)
def test_attestation_has_known_issues_before_1903(proofs, failure, build, code, items):
    world = failure("device_preparation") | {"device": {"build": build}}
    rows = proofs("TPM-ATTESTATION-OLD-WINDOWS", **world, marks=[("tpm_identity_failed", None, 20, code, "")])
    assert rows["item"].to_list() == items

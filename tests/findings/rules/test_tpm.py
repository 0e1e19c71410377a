"""The TPM is blamed where device preparation failed, whatever it reported elsewhere."""

import pytest


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

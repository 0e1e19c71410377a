"""MDM enrolment: a code decides whether the service refused, the tenant names none, or it broke."""

import pytest

RULES = ("MDM-ENROLLMENT-REFUSED", "MDM-NOT-CONFIGURED", "MDM-ENROLLMENT-FAILED")


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("0x80180014", "MDM-ENROLLMENT-REFUSED"),
        ("0x8018002B", "MDM-NOT-CONFIGURED"),
        ("0x80072EE7", "MDM-ENROLLMENT-FAILED"),
        (None, "MDM-ENROLLMENT-FAILED"),
    ],
)
def test_one_failed_enrolment_is_answered_by_one_rule(proofs, failure, code, rule):
    found = {name: proofs(name, **failure("mdm_enrollment", code=code)).height for name in RULES}
    assert found == {name: int(name == rule) for name in RULES}


def test_what_the_server_said_stands_under_the_code_of_the_refusal(proofs, failure):
    said = [("enrollment_server_fault", "mdm_enrollment", 20, "0x80180001", "DeviceNotSupported")]
    rows = proofs("MDM-ENROLLMENT-REFUSED", **failure("mdm_enrollment", code="0x80180014"), marks=said)
    assert rows.filter(rows["quote"] == "DeviceNotSupported")["code"].to_list() == ["0x80180014"]


def test_a_failure_of_another_stage_is_no_enrolment(proofs, failure):
    assert all(proofs(name, **failure("device_setup", code="0x80180014")).is_empty() for name in RULES)

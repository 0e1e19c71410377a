"""A known issue fits where its sign holds; traces of a failure mean nothing where none was."""

import pytest


@pytest.mark.parametrize(
    ("stage", "code", "found"),
    [
        ("device_preparation", "0x81039001", True),
        ("entra_join", "0x81039001", True),
        ("device_setup", "0x81039001", False),
        ("device_preparation", "0x81039002", False),
    ],
)
def test_an_issue_that_a_code_tells_fits_in_its_own_stages_alone(proofs, failure, stage, code, found):
    rows = proofs("KNOWN-ISSUES", **failure(stage, code=code))
    assert ("KNOWN-AP-13" in set(rows["rule"])) is found


def test_a_trace_of_a_failure_means_nothing_on_a_device_that_did_not_fail(proofs):
    marks = [("tpm_identity_failed", None, 20, "0x81039001", "")]
    good = [("succeeded", None, "user_driven", 0, 60, None)]
    assert "KNOWN-AP-13" not in set(proofs("KNOWN-ISSUES", attempts=good, marks=marks)["rule"])


@pytest.mark.parametrize(("build", "found"), [("26100.0", True), ("26100.2453", True), ("26100.2454", False)])
def test_an_issue_of_a_build_fits_up_to_the_revision_that_mended_it_and_weighs_no_more_than_info(
    proofs, failure, build, found
):
    device = {"build": build, "edition": "Professional"}
    rows = proofs("KNOWN-ISSUES", **failure("device_setup") | {"device": device}).to_dicts()
    severities = [row["severity"] for row in rows if row["rule"] == "KNOWN-AP-03"]
    assert severities == ["info"] * found


def test_a_device_that_shows_nothing_has_no_known_issue(proofs):
    assert proofs("KNOWN-ISSUES", device={"build": None}).is_empty()

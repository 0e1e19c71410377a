"""Apps about which the agent came to no answer; every line is made up."""

import pytest
from findings.rule_worlds import at

from autopilot_analysis.facts import read_facts

NOT_COMPUTED, LISTED = "ESP-APPS-NOT-COMPUTED", "ESP-APP-LISTED-FAILED"
FIRST, SECOND = "11111111-2222-4333-8444-555555555555", "99999999-8888-4777-8666-555555555555"
DETECTED = (
    "[Win32App][DetectionActionHandler] Detection for policy with id: {} resulted in action status: {} and "
    "detection state: {}."
)
APPLIES = (
    "[Win32App][ApplicabilityActionHandler] Applicability check for policy with id: {} resulted in action "
    "status: {} and applicability state: {}."
)
TO_ERROR = (
    "[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application {} "
    "with name: {}"
)


def asked(app, name, words=DETECTED, status="Failed", state="NotComputed"):
    return [("error", words.format(app, status, state)), ("info", TO_ERROR.format(app, name))]


BOTH = [*asked(FIRST, "Example Viewer"), *asked(SECOND, "Example Roots")]
LATER = [("info", DETECTED.format(FIRST, "Success", "NotDetected"))]


def test_apps_without_an_answer_are_one_finding_that_names_them_all(proofs, failure):
    rows = proofs(NOT_COMPUTED, **failure("device_setup"), lines=BOTH)
    assert set(rows["item"]) == {"Example Viewer, Example Roots"}
    assert rows["quote"][0] == (
        "Example Viewer resulted in action status: Failed and detection state: NotComputed"
    )


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (asked(FIRST, "Example Viewer", APPLIES), 1),
        (asked(FIRST, "Example Viewer")[:1], 0),
        (asked(FIRST, "Example Viewer", status="Success", state="NotDetected"), 0),
        ([*asked(FIRST, "Example Viewer"), *LATER], 0),
        ([*LATER, *asked(FIRST, "Example Viewer")], 1),
    ],
    ids=["whether it applies", "the page does not mind", "an answer", "an answer later", "an answer before"],
)
def test_only_a_last_question_without_an_answer_and_a_page_that_counts_it_show_that(
    proofs, failure, lines, found
):
    assert proofs(NOT_COMPUTED, **failure("device_setup"), lines=lines).height == found


@pytest.mark.parametrize(
    ("scenario", "rule"),
    [
        ("user_driven", "ESP-APPS-UNANSWERED"),
        ("self_deploying", "ESP-APPS-UNANSWERED"),
        ("pre_provisioning", NOT_COMPUTED),
        ("pre_provisioning_technician", NOT_COMPUTED),
        (None, NOT_COMPUTED),
    ],
)
def test_only_where_it_may_have_been_pre_provisioned_is_an_old_certificate_spoken_of(
    proofs, failure, scenario, rule
):
    given = failure("device_setup")
    ((*first, _, begun, ended, code),) = given["attempts"]
    given["attempts"] = [(*first, scenario, begun, ended, code)]
    rows = proofs(NOT_COMPUTED, **given, lines=BOTH)
    own = rows["rule"].fill_null(NOT_COMPUTED) if "rule" in rows.columns else [NOT_COMPUTED]
    assert set(own) == {rule}


@pytest.mark.parametrize("stage", ["mdm_enrollment", "entra_join"])
def test_an_attempt_that_failed_elsewhere_did_not_fail_by_it(proofs, failure, stage):
    assert proofs(NOT_COMPUTED, **failure(stage), lines=BOTH).is_empty()


@pytest.mark.parametrize(
    ("app", "rules"),
    [
        ({"reason": "only the status page's own list tells"}, [LISTED]),
        ({"reason": "the agent could not compute its detection"}, []),
        ({"reason": "the agent could not compute whether it applies"}, []),
        ({"detail": '{"registry": "EnrollmentStatusTracking"}'}, [LISTED]),
        ({"detail": '{"registry": "EnrollmentStatusTracking"}', "code": "0x80070643"}, ["ESP-APP-FAILED"]),
        ({"detail": '{"registry": "Win32Apps"}'}, ["ESP-APP-FAILED"]),
        ({"exit_code": 1603, "started_at": at(20)}, ["ESP-APP-FAILED"]),
    ],
)
def test_no_installer_is_blamed_that_was_not_begun(proofs, failure, app, rules):
    given = failure("device_setup") | {"installs": [{"outcome": "failed"} | app]}
    assert [rule for rule in (LISTED, "ESP-APP-FAILED") if proofs(rule, **given).height] == rules


def test_the_certificate_that_was_over_explains_the_apps_without_an_answer():
    pairs = read_facts("explains").select("cause", "consequence").rows()
    assert ("AGENT-CERTIFICATE-EXPIRED", NOT_COMPUTED) in pairs

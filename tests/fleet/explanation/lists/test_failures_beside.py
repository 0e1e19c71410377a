"""What lists say failed beside deployments: named, explained, mended and proven, the first of them."""

from autopilot_analysis.findings.service.devices import ENROLMENT_FAILED
from autopilot_analysis.findings.service.failed_enrollments import OfDevices
from autopilot_analysis.fleet.explanation.lists.failures_beside import (
    MOST,
    failures_in_short,
    prove_failures,
    tell_failures,
    tell_reasons_of_failures,
    tell_remedies_of_failures,
)


def failure(number, **more):
    words = {
        "title": f"Enrolment failed {number} times",
        "meaning": f"why {number}",
        "quotes": [f"row {number}"],
    }
    return words | {"remedy": f"mend {number}", "page": None} | more


def texts(lines):
    return [line.text for line in lines]


def test_the_first_line_names_the_first_and_counts_the_others():
    assert failures_in_short([]) == ""
    assert failures_in_short([failure(2)]) == "a list beside it: enrolment failed 2 times"
    assert failures_in_short([failure(2), failure(1)]).endswith("2 times and 1 more of lists")
    assert failures_in_short([failure(1, title="Reader failed")]) == "a list beside it: Reader failed"


def test_the_first_line_names_devices_in_place_of_attempts_of_enrolment():
    devices = OfDevices(9, 3, 2)
    enrolment = failure(7, rule=ENROLMENT_FAILED)
    assert failures_in_short([enrolment], devices) == (
        "a list beside it: 3 of 9 devices had an enrolment that failed: 2 enrolled later, 1 did not"
    )
    assert failures_in_short([failure(1, rule="R")], devices) == "a list beside it: enrolment failed 1 times"
    assert failures_in_short([], devices) == ""


def test_the_first_failures_are_named_and_the_others_counted():
    lines = texts(tell_failures([failure(number) for number in range(MOST + 2)]))
    assert lines[0] == "Enrolment failed 0 times."
    assert lines[MOST:] == ["And 2 more kinds of failure in lists (--all names them)."]


def test_a_remedy_of_several_failures_stands_once():
    alike = [failure(1), failure(2, remedy="mend 1"), failure(3)]
    assert texts(tell_remedies_of_failures(alike)) == ["mend 1.", "mend 3."]


def test_reasons_and_proofs_are_those_of_the_first_failures():
    given = [failure(1), failure(2, meaning=None, quotes=[]), failure(3)]
    assert texts(tell_reasons_of_failures(given)) == ["why 1.", "why 3."]
    assert texts(prove_failures(given)) == ["row 1.", "row 3."]

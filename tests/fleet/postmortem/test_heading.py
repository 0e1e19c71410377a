"""The head of a postmortem: what it is about, when it was, and whether it is over."""

from summaries import HUNG, LOST, failures, proven

from autopilot_analysis.fleet.postmortem.heading import only_device, tell_heading


def lines(case):
    return dict(tell_heading(case, title="", author="", audience="").paragraphs)


def test_several_causes_without_a_day_are_no_single_incident(case_of):
    case = proven(failures(case_of, 2), ("D0", *LOST), ("D1", *HUNG))
    heading = tell_heading(case, title="", author="", audience="")
    assert heading.title == "Windows Autopilot deployments: failures of 2 different causes"


def test_the_only_device_is_named_and_a_success_since_ends_its_incident(case_of):
    case = case_of([("A", None, 0, 30, "failed", True), ("A", None, 60, 30, "succeeded", True)])
    assert only_device(case) == "A"
    assert lines(case)["Status"] == "over: the device has succeeded since"


def test_an_incident_whose_last_attempts_failed_is_open(case_of):
    case = failures(case_of, 2)
    assert only_device(case) is None
    assert lines(case) == {
        "Period": "02 March 2026 (UTC)",
        "Status": "open: still hit when last seen, on 02 March 2026",
    }

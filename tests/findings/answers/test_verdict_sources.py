"""Which sources a device that shows no attempt must have been seen through, and what lies beside attempts."""

import pytest

from autopilot_analysis.findings import conclude, find
from autopilot_analysis.trace.installs.policies import no_fault

QUIET = {"registered": False, "enrolled": False}


REFUSED = [("failed", "mdm_enrollment", None, 0, 1, "0x8018000A")]


def verdict(tables, trace):
    return conclude(tables, trace, find(tables, trace, rules={}))["verdict"][0]


def failures(*minutes):
    return [("enrollment_failed", "mdm_enrollment", minute, "0x80180014", None) for minute in minutes]


def installs(*outcomes, kind="modern"):
    return [{"item": item, "kind": kind, "outcome": outcome} for item, outcome in outcomes]


def outcome(tables, trace):
    return conclude(tables, trace, find(tables, trace, rules={}))["outcome"][0]


@pytest.mark.parametrize(
    "source",
    [
        "events_autopilot",
        "events_mdm_admin",
        "events_mdm_enrollment",
        "events_user_device_registration",
        "registry_dump",
    ],
)
def test_without_a_decisive_source_nobody_knows_whether_something_ran(world, source):
    assert outcome(*world(device=QUIET)) == "nothing_ran"
    assert outcome(*world(device=QUIET, coverage=[(source, "absent")])) == "unknown"


def test_the_last_attempt_decides(world):
    attempts = [("failed", "device_setup", "user_driven", 0, 60, None)]
    attempts += [("succeeded", None, "user_driven", 70, 130, None)]
    assert outcome(*world(attempts=attempts)) == "succeeded"
    assert outcome(*world(attempts=attempts[::-1])) == "failed"


def test_an_enrolment_that_failed_on_outside_its_attempt_is_counted_in_the_headline(world):
    days = [minute + day * 1440 for day in range(5) for minute in (1, 11)]
    told = verdict(*world(attempts=REFUSED, marks=failures(*days)))
    assert "1 attempt failed; " in told
    assert "; enrolment failed 10 times in all, 8 outside an attempt; " in told


def test_records_of_one_failure_count_once_and_what_lies_in_an_attempt_says_nothing_more(world):
    assert "in all" not in verdict(*world(attempts=REFUSED, marks=failures(1, 11)))
    twice = verdict(*world(attempts=REFUSED, marks=failures(1, 1440, 1440.5)))
    assert "; enrolment failed 2 times in all, 1 outside an attempt; " in twice


def test_that_a_device_is_enrolled_already_is_no_failed_enrolment(world):
    refused = [
        (mark, stage, at, "0x8018000A", words) for mark, stage, at, _, words in failures(1, 1440, 2880)
    ]
    assert "in all" not in verdict(*world(attempts=REFUSED, marks=refused))


def test_apps_that_never_came_are_named_where_no_enrolment_failed(world):
    done = [("succeeded", None, "user_driven", 0, 60, None)]
    two = installs(("a", "failed"), ("b", "not_detected"), ("c", "failed"), ("c", "succeeded"))
    told = verdict(*world(attempts=done, installs=two))
    assert told.endswith("nothing failed at enrolment; 2 apps did not go through")
    script = installs(("s", "failed"), kind="script")
    assert verdict(*world(attempts=done, installs=script)).endswith("1 script or policy did not go through")
    assert verdict(*world(attempts=done, installs=two[2:])).endswith("nothing failed in what was seen")
    daily = [row | {"reason": "asked for by Setup", "blocking": None} for row in two]
    assert verdict(*world(attempts=done, installs=daily)).endswith("nothing failed in what was seen")


@pytest.mark.parametrize("reason", [*no_fault(), "the device refused the command"])
def test_a_harmless_refusal_is_nothing_that_did_not_come(world, reason):
    done = [("succeeded", None, "user_driven", 0, 60, None)]
    told = verdict(*world(attempts=done, installs=[{"kind": "policy", "item": "./x", "reason": reason}]))
    assert ("1 script or policy did not go through" in told) is (reason not in no_fault())

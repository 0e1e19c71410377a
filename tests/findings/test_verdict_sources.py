"""Which sources a device that shows no attempt must have been seen through."""

import pytest

from autopilot_analysis.findings import conclude, find

QUIET = {"registered": False, "enrolled": False}


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

"""The key activities: pass, fail or unknown; what no source could have shown is never passed."""

import pytest

from autopilot_analysis.findings import find
from autopilot_analysis.findings.checklist import ACTIVITIES, check_activities

JOINED = ("entra_join", "succeeded")
NOT_JOINED = ("entra_join", "failed")


def result(world, activity, **given):
    tables, trace = world(**given)
    rows = check_activities(tables, trace, find(tables, trace, rules={}))
    return rows.filter(rows["activity"] == activity).row(0, named=True)


def runs(*given):
    return [
        (n, stage, outcome, 60 * n, 60 * n + 5, None, None) for n, (stage, outcome) in enumerate(given, 1)
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([JOINED], "pass"),
        ([NOT_JOINED], "fail"),
        ([NOT_JOINED, JOINED], "pass"),
        ([JOINED, NOT_JOINED], "fail"),
        ([], "unknown"),
    ],
)
def test_an_activity_is_judged_by_how_its_stage_ended_last(world, given, expected):
    assert result(world, "entra_join", runs=runs(*given))["result"] == expected


def test_what_was_not_looked_at_says_which_source_would_have_told(world):
    why = result(world, "mdm_enrollment")["why"]
    assert why == "not looked at: none of events_mdm_admin, events_mdm_enrollment is there"
    seen = result(world, "mdm_enrollment", coverage=[("events_mdm_admin", "present")])
    assert (seen["result"], seen["why"]) == ("unknown", "no record of it")


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        ([], "unknown"),
        ([("events_autopilot", "present")], "pass"),
        ([("events_autopilot", "absent")], "unknown"),
    ],
)
def test_logs_are_collected_when_one_that_decides_was_read(world, coverage, expected):
    assert result(world, "collected_logs", coverage=coverage)["result"] == expected


def test_absent_logs_beside_it_are_counted(world):
    coverage = [
        ("events_autopilot", "present"),
        ("events_mdm_admin", "absent"),
        ("events_shell_core", "absent"),
    ]
    assert (
        result(world, "collected_logs", coverage=coverage)["why"]
        == "1 of 1 members read, 2 event logs absent"
    )


def test_every_device_has_every_activity_once(world):
    tables, trace = world()
    rows = check_activities(tables, trace, find(tables, trace, rules={}))
    assert rows["activity"].to_list() == [activity.name for activity in ACTIVITIES]

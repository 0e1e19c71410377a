"""Whether an app that had failed is there since, by what the agent's detection found after its try."""

from __future__ import annotations

import json

import pytest
from findings.rule_worlds import at

from autopilot_analysis.findings.rules.later_looks import with_last_look
from autopilot_analysis.findings.rules.page_tries import blamed_tries, how_it_ended

APP = "d0c4a1f2-54b6-4b5a-8d0e-000000000001"
OTHER = APP.replace("1", "2")
FOUND = (
    "[Win32App][DetectionActionHandler] Detection for policy with id: {} resulted in action status: Success"
)
THERE, ABSENT = (
    f"{FOUND.format(APP)} and detection state: {state}." for state in ("Detected", "NotDetected")
)
REPORT = (
    f"[Win32App][ReportingManager] Detection state for app with id: {APP} has been updated. Report delta: "
    '{"DetectionState":{"OldValue":"NotInstalled","NewValue":"Installed"},'
    '"DetectedIdentityVersion":{"OldValue":null,"NewValue":"4.2.0"}}'
)
GONE = REPORT.replace('"NewValue":"Installed"', '"NewValue":"NotInstalled"')
TRY = {"item": APP, "outcome": "failed", "exit_code": 1, "code": "0x80070001", "ended_at": at(40)}
TOLD = f"Updating ESP tracked install status from Error to Completed for application {APP} with name: Reader"
LOCK = {"next_retry_at": at(1480)}


def stored(state, revision):
    kept = {
        "ApplicationId": APP,
        "DetectionState": state,
        "EnforcementState": 5000,
        "InternalVersion": revision,
    }
    return (
        f"[Win32App][ReportingManager] App with id: {APP} and prior AppAuthority: V3 has been loaded and "
        f"reporting state initialized. ReportingState: {json.dumps(kept, separators=(',', ':'))}"
    )


def last_look(world, failure, lines, **app):
    """Return what the last look after the try said, and which version it found."""
    given = [("info", text, minute) for text, minute in lines]
    tables, trace = world(**failure("device_setup"), installs=[TRY | app], lines=given)
    tries = blamed_tries(tables, trace, ["failed"])
    return tries.select("there", "number").row(0)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([(THERE, 90)], (True, None)),
        ([(THERE, 90), (REPORT, 90)], (True, "4.2.0")),
        ([(REPORT, 90)], (True, "4.2.0")),
        ([(stored(1, 2), 90)], (True, None)),
        ([(TOLD, 90)], (True, None)),
        ([(ABSENT, 90)], (False, None)),
        ([(THERE, 90), (ABSENT, 120)], (False, None)),
        ([(REPORT, 90), (GONE, 120)], (False, None)),
        ([(THERE, 30)], (None, None)),
        ([(THERE.replace(APP, OTHER), 90)], (None, None)),
        ([(stored(2, 2), 90)], (None, None)),
        ([(stored(1, 1), 90)], (None, None)),
        ([], (None, None)),
    ],
    ids=[
        "found", "found in a version", "only reported", "only kept", "only told the page", "not found",
        "found and lost", "reported lost", "before the try", "another app", "kept as before",
        "an older revision", "no look",
    ],
)  # fmt: skip
def test_the_last_look_after_a_try_says_whether_its_app_is_there(world, failure, lines, found):
    there, number = last_look(world, failure, lines, version="2")
    assert (there, number if there else None) == found


def test_the_look_of_the_try_itself_is_no_later_one(world, failure):
    own = json.dumps({"detected_at": f"{at(41):%Y-%m-%dT%H:%M:%S+00:00}"})
    assert last_look(world, failure, [(ABSENT, 41)], detail=own) == (None, None)
    assert last_look(world, failure, [(ABSENT, 42)], detail=own) == (False, None)


@pytest.mark.parametrize(("line", "waits"), [(THERE, False), (ABSENT, True)])
def test_an_app_that_is_there_is_not_tried_again(world, failure, line, waits):
    lines = [("info", line, 90)]
    tables, trace = world(**failure("device_setup"), installs=[TRY | LOCK], lines=lines)
    words = blamed_tries(tables, trace, ["failed"]).select(how_it_ended()).item()
    assert ("tries again from" in words, "a later pass found it installed" in words) == (waits, not waits)


def test_a_removal_is_not_made_good_by_what_is_still_there(world, failure):
    removal = TRY | {"detail": json.dumps({"action": "uninstall"})}
    tables, trace = world(**failure("device_setup"), installs=[removal], lines=[("info", THERE, 90)])
    assert blamed_tries(tables, trace, ["failed"])["good_at"].to_list() == [None]


def test_without_a_try_nothing_is_looked_for(world, failure):
    tables, trace = world(**failure("device_setup"))
    none = trace.installs.with_columns(at="ended_at")
    assert with_last_look(none, tables).is_empty()

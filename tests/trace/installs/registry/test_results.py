"""Results of scripts and remediations, and the lock under which the agent leaves an app alone."""

import json
from datetime import UTC, datetime

import pytest

from autopilot_analysis.trace.installs.registry.results import (
    read_remediations,
    read_retry_locks,
    read_script_results,
)

USER, ITEM = "00000000-0000-0000-0000-000000000000", "33333333-aaaa-4bbb-8ccc-000000000001"


def test_a_script_ends_as_its_result_says_when_it_was_last_updated(low):
    key = rf"IntuneManagementExtension\Policies\{USER}\{ITEM}"
    values = [
        ("Result", "Failed"),
        ("ErrorCode", "-2147023293"),
        ("LastUpdatedTimeUtc", "3/2/2026 8:00:00 AM"),
    ]
    (row,) = read_script_results(low(*((key, name, value) for name, value in values))).iter_rows(named=True)
    assert (row["item"], row["outcome"], row["code"]) == (ITEM, "failed", "0x80070643")
    assert row["ended_at"] == datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("report", "outcome", "reason"),
    [
        ({"Info": {"FirstDetectExitCode": 0}}, "succeeded", None),
        (
            {"Info": {"FirstDetectExitCode": 1, "RemediationExitCode": 0, "LastDetectExitCode": 0}},
            "succeeded",
            None,
        ),
        (
            {"Info": {"FirstDetectExitCode": 1, "RemediationExitCode": 0, "LastDetectExitCode": 1}},
            "failed",
            "detection still says no after the fix",
        ),
        ({"ErrorCode": 5}, "failed", None),
        ({}, "unknown", None),
        ("no report", None, None),
    ],
)
def test_a_remediation_is_judged_by_its_last_detection(low, report, outcome, reason):
    key = rf"IntuneManagementExtension\SideCarPolicies\Scripts\Reports\{USER}\{ITEM}_1\Result"
    (row,) = read_remediations(low((key, "Result", json.dumps(report)))).iter_rows(named=True)
    assert (row["item"], row["outcome"], row["reason"]) == (ITEM, outcome, reason)


def test_an_app_under_the_retry_lock_waits_since_its_last_try(low):
    key = rf"IntuneManagementExtension\Win32Apps\{USER}\GRS\hash"
    (row,) = read_retry_locks(low((key, ITEM, "03/02/2026 08:00:00"))).iter_rows(named=True)
    assert (row["item"], row["outcome"], row["reason"]) == (ITEM, "waiting", "GRS")
    assert row["started_at"] == datetime(2026, 3, 2, 8, tzinfo=UTC)

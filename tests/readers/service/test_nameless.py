"""Devices that an export does not name: told apart by what their rows tell, in any file and on any day."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.readers.service.log_analytics import read_log_analytics
from autopilot_analysis.readers.service.nameless import with_nameless

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def failures(*tries):
    """Failures without a device, each from its account and the minute it began."""
    rows = [
        {
            "device": None,
            "user": user,
            "started_at": None if minute is None else NOON + timedelta(minutes=minute),
        }
        for user, minute in tries
    ]
    schema = {"device": pl.String, "user": pl.String, "started_at": pl.Datetime("us", "UTC")}
    return with_nameless(pl.DataFrame(rows, schema=schema))["device"]


def record(day, user="u-1", **more):
    """A record of Intune's operational log of an enrolment that failed, without a device."""
    fields = {"IntuneDeviceId": "", "IntuneUserId": user, "FailureCategory": "InMaintenance", **more}
    return {
        "TimeGenerated": f"2026-02-{day:02}T08:00:00Z",
        "OperationName": "Enrollment",
        "Result": "Fail",
        "Properties": json.dumps(fields),
        "Type": "IntuneOperationalLogs",
    }


def read(*records):
    return read_log_analytics("\n".join(map(json.dumps, records)).encode()).rows["deployments"]


@pytest.mark.parametrize(
    ("minutes", "devices"),
    [
        ((0, 5, 10), 1),  # one device, tried three times
        ((0, 15, 30), 1),
        ((0, 16), 2),
        ((0, 24 * 60), 2),  # of another day
        ((None, None), 2),
    ],
)
def test_what_one_account_tries_in_one_sitting_is_one_device(minutes, devices):
    assert failures(*(("ann", minute) for minute in minutes)).n_unique() == devices


def test_two_accounts_and_an_empty_account_are_no_one_device():
    assert failures(("ann", 0), ("bob", 0)).n_unique() == 2
    assert failures((EMPTY_ID, 0), (EMPTY_ID, 1)).n_unique() == 2
    assert failures((None, 0), (None, 0)).n_unique() == 2


def test_failures_of_two_files_are_two_devices_and_one_that_both_hold_is_one():
    first, second = (read(record(day, EMPTY_ID)) for day in (4, 17))
    assert first["device"][0] != second["device"][0]
    assert read(record(3), record(4))["device"][1] == read(record(4))["device"][0]


def test_the_device_of_entra_names_a_failure_before_its_account_does():
    told = read(record(4, AADDeviceId="aad-1"), record(4, AADDeviceId="aad-2"))
    assert told.select("device", "entra_device_id").rows() == [("aad-1",) * 2, ("aad-2",) * 2]
    empty = read(record(4, AADDeviceId=EMPTY_ID), record(17, AADDeviceId=EMPTY_ID))
    assert empty["device"].str.starts_with("unknown-").all()
    assert empty["device"].n_unique() == 2


def test_a_page_of_failures_without_a_device_leaves_it_unknown():
    told = {"eventDateTime": "2026-02-04T08:00:00Z", "failureCategory": "authorization", "failureReason": "x"}
    rows = [{"id": f"e-{n}", "managedDeviceIdentifier": "", "userId": f"u-{n}", **told} for n in range(2)]
    told = read_graph_json(json.dumps({"value": rows}).encode()).rows["enrollment_failures"]
    assert told["device"].to_list() == [None, None]

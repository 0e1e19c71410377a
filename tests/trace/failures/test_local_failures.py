"""Failures in a list of events in local time, beside records in UTC: whose they are, and whose not."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import SCHEMAS, Tables, schema_of
from autopilot_analysis.trace import build_trace

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ADMIN = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
JOINING = "Microsoft-Windows-User Device Registration"
AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
SHELL = "Microsoft-Windows-Shell-Core"
NAME = "DESKTOP-A1"
REFUSED = (ADMIN, 71, "0x80180014")
AUTOMATIC = (ADMIN, 76, "0xCAA20003")
UNJOINED = (JOINING, 204, "0x801C0003")
FOR_GOOD = (AUTOPILOT, 301, "0x81039001")
ENROLLED = (ADMIN, 72, None)
PAGE = '{"Value": "ProvisioningProgressPage_ApplicationsFailed"}'
OF_A_PAGE = (SHELL, 62407, None, PAGE)
CHANNELS = {
    ADMIN: f"{ADMIN}/Admin", JOINING: f"{JOINING}/Admin", AUTOPILOT: f"{AUTOPILOT}/Autopilot",
    SHELL: f"{SHELL}/Operational",
}  # fmt: skip
PROFILE = (0, AUTOPILOT, 703)
JOINED = (5, JOINING, 106)
ON_THE_PAGE = (20, ADMIN, 72)


def event(number, provider, event_id, code=None, data="{}", **more):
    return {
        "device": "D", "record": number, "provider": provider, "event_id": event_id, "code": code,
        "channel": CHANNELS[provider], "computer": NAME, "data": data,
    } | more  # fmt: skip


def dated(number, minute, provider, event_id):
    at = START + timedelta(minutes=minute)
    return event(number, provider, event_id, member="a.evtx", at=at, recorded_at=at, clock="declared")


def listed(number, what, hours=0, name=NAME):
    """An event of a list, so many hours after the first of the log as both were written."""
    written = START + timedelta(hours=hours)
    return event(number, *what, member="b.csv", recorded_at=written, clock="unknown", computer=name)


def told(logged, rows, *, enrolled=None):
    """Stage and code of each failed run, from dated and listed events."""
    events = [dated(n, *one) for n, one in enumerate(logged, 1)] + rows
    devices = [{"device": "D", "name": NAME, "enrolled": enrolled}]
    given = {"events": events, "devices": devices}
    frames = {
        name: pl.DataFrame([{c: row.get(c) for c in schema_of(name)} for row in rows], schema=schema_of(name))
        for name, rows in given.items()
    }
    empty = {name: SCHEMAS[name].create_empty() for name in Tables.__dataclass_fields__}
    trace = build_trace(Tables(**empty | frames))
    assert trace.stage_runs.filter(pl.col("outcome") == "failed")["ended_at"].null_count() <= 1
    failed = trace.attempts.filter(pl.col("outcome") == "failed")
    return failed.select(pl.col("failed_stage").cast(pl.String), "code").rows()


@pytest.mark.parametrize(
    ("logged", "what", "stage"),
    [
        ([PROFILE, JOINED], REFUSED, "mdm_enrollment"),
        ([PROFILE, JOINED], AUTOMATIC, "mdm_enrollment"),
        ([PROFILE], UNJOINED, "entra_join"),
        ([PROFILE], FOR_GOOD, "device_preparation"),
        ([PROFILE, JOINED, ON_THE_PAGE], OF_A_PAGE, "device_setup"),
    ],
)
@pytest.mark.parametrize("hours", [-11, 0, 14, 30])
def test_a_failure_of_a_list_is_of_the_attempt_in_which_it_can_lie(logged, what, stage, hours):
    assert told(logged, [listed(1, what, hours)]) == [(stage, what[2])]


@pytest.mark.parametrize("hours", [-13, -24 * 30, 39])
def test_a_failure_that_cannot_lie_in_an_attempt_is_of_none(hours):
    assert told([PROFILE, JOINED], [listed(1, REFUSED, hours)]) == []


@pytest.mark.parametrize(("name", "failed"), [(f"{NAME}.example.com", 1), ("DESKTOP-B2", 0), (None, 1)])
def test_a_failure_of_another_computer_is_none_of_the_device(name, failed):
    assert len(told([PROFILE, JOINED], [listed(1, REFUSED, name=name)])) == failed


def test_a_failure_that_the_list_itself_shows_overcome_is_none():
    assert told([PROFILE, JOINED], [listed(1, REFUSED), listed(2, ENROLLED, 1)]) == []
    assert told([PROFILE, JOINED], [listed(1, ENROLLED), listed(2, REFUSED, 1)]) == [
        ("mdm_enrollment", REFUSED[2])
    ]


def test_a_device_that_got_further_or_is_enrolled_did_not_fail_there():
    assert told([PROFILE, JOINED, ON_THE_PAGE], [listed(1, REFUSED)]) == []
    assert told([PROFILE, ON_THE_PAGE], [listed(1, UNJOINED)]) == []
    assert told([PROFILE, JOINED], [listed(1, REFUSED)], enrolled=True) == []
    assert told([PROFILE, JOINED], [listed(1, (ADMIN, 71, "0x8018000A"))]) == []


def test_of_several_failures_of_a_stage_the_first_counts():
    later = (ADMIN, 71, "0x80180018")
    assert told([PROFILE, JOINED], [listed(1, later, 2), listed(2, REFUSED, 1)])[0][1] == REFUSED[2]

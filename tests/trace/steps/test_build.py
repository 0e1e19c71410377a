"""Starts of the device that traces tell: each once, on the corrected clock, and none that a log tells too."""

from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.tables import Tables
from autopilot_analysis.trace.steps.build import find_device_steps

START = datetime(2026, 1, 5, 10, tzinfo=UTC)


def instant(minutes):
    return START + timedelta(minutes=minutes)


@pytest.fixture
def boots(rows):
    """Starts found from headers (member, minutes), events (member, minutes, minutes off) and log records."""

    def find(headers, events=(), logged=()):
        section = {"section": "trace header", "name": "Device started"}
        properties = rows(
            "properties",
            *({**section, "member": m, "value": f"{instant(n):%Y-%m-%dT%H:%M:%S.%f}Z"} for m, n in headers),
        )
        traced = [{"member": m, "at": instant(n + off), "recorded_at": instant(n)} for m, n, off in events]
        kernel = {"provider": "Microsoft-Windows-Kernel-General", "event_id": 12, "member": "System.evtx"}
        told = [{**kernel, "at": instant(n), "recorded_at": instant(n), "channel": "System"} for n in logged]
        tables = Tables.of({"events": rows("events", *traced, *told), "properties": properties})
        steps = find_device_steps(tables)
        return steps.filter(kind="boot").select("member", "at").rows()

    return find


def test_a_start_that_only_a_trace_tells_is_a_step(boots):
    assert boots([("a.etl", 0)]) == [("a.etl", START)]


def test_two_traces_of_one_start_and_a_log_that_tells_it_count_once(boots):
    assert boots([("a.etl", 0), ("b.etl", 2), ("c.etl", 9)]) == [("a.etl", START), ("c.etl", instant(9))]
    assert boots([("a.etl", 0), ("c.etl", 9)], logged=[11]) == [
        ("a.etl", START),
        ("System.evtx", instant(11)),
    ]


def test_a_start_moves_with_the_clock_of_its_trace(boots):
    assert boots([("a.etl", 0)], events=[("a.etl", 5, 180)]) == [("a.etl", instant(180))]

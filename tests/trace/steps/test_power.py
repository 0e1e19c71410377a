"""Mains, battery and builds from the System log; every value is made up."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.tables import Tables
from autopilot_analysis.trace.steps.build import find_device_steps

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def steps(rows):
    """Return (kind, detail) of (seconds, provider, id, fields) events."""

    def find(*records):
        events = [
            {"provider": provider, "event_id": number, "channel": "System", "member": "System.evtx"}
            | {"data": json.dumps(data), "at": START + timedelta(seconds=at)}
            | {"recorded_at": START + timedelta(seconds=at)}
            for at, provider, number, data in records
        ]
        return (
            find_device_steps(Tables.of({"events": rows("events", *events)})).select("kind", "detail").rows()
        )

    return find


def source(at, mains, left, full=1000):
    data = {"AcOnline": mains, "RemainingCapacity": left, "FullChargeCapacity": full}
    return (at, "Microsoft-Windows-Kernel-Power", 105, data)


def session(at, mains, left):
    data = {
        "PowerStateAc": mains,
        "PreviousEnergyCapacityAtEnd": left,
        "PreviousFullEnergyCapacityAtEnd": "1000",
    }
    return (at, "Microsoft-Windows-Kernel-Power", 566, data)


def test_a_change_of_mains_is_a_step_with_the_charge(steps):
    told = steps(source(0, "true", "900"), source(60, "false", "890"), session(90, "false", "880"))
    assert told == [
        ("battery", "90 % charged"),
        ("power_source", "on mains, 90 % charged"),
        ("power_source", "on battery, 89 % charged"),
    ]


def test_the_charge_is_told_again_when_it_moved_by_five_percent(steps):
    told = steps(session(0, "false", "900"), session(60, "false", "851"), session(90, "false", "850"))
    assert [detail for kind, detail in told if kind == "battery"] == ["90 % charged", "85 % charged"]


def test_zero_of_zero_right_after_a_start_is_no_charge(steps):
    assert steps(source(0, "true", "0", "0")) == []


KERNEL = "Microsoft-Windows-Kernel-General"


def test_a_start_names_the_build_that_started(steps):
    fields = {"BuildVersion": "26100", "QfeVersion": "4061"}
    assert steps((0, KERNEL, 12, fields)) == [("boot", "build 26100.4061")]


def test_a_start_without_a_build_of_its_own_takes_that_of_the_log_beside_it(steps):
    log = {"Data": ["10.00.", "22631", "", "Multiprocessor Free", "0"]}
    assert steps((0, KERNEL, 12, {}), (20, "EventLog", 6009, log)) == [("boot", "build 22631")]
    assert steps((0, KERNEL, 12, {}), (200, "EventLog", 6009, log)) == [("boot", None)]


def test_a_log_alone_tells_the_start_and_its_build(steps):
    log = {"Data": ["10.00.", "22631", "", "Multiprocessor Free", "0"]}
    assert steps((0, "EventLog", 6009, log)) == [("boot", "build 22631")]

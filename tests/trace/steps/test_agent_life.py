"""What the agent's logs alone tell of its starts, of restarts and of the disk; every line is made up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.steps.agent_life import LEAST_CHANGE, find_agent_steps

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STARTED, DOWN, STOP = (
    "EMS Agent Started",
    "EMS Agent received shutdown signal",
    "EMS Agent received stop signal",
)


def at(minutes):
    return START + timedelta(minutes=minutes)


@pytest.fixture
def steps(rows):
    """Return (kind, detail, minutes) of the steps of (minutes, message) records; boots in minutes."""

    def find(*records, boots=()):
        told = [
            {"member": "IntuneManagementExtension.log", "at": at(n), "written_at": at(n).replace(tzinfo=None)}
            | {"message": text}
            for n, text in records
        ]
        schema = {name: schema_of("steps")[name] for name in ("device", "at")}
        known = pl.DataFrame([{"device": "SN-0001", "at": at(n)} for n in boots], schema=schema)
        found = find_agent_steps(rows("log_lines", *told), known).sort("at", "kind")
        return [
            (kind, detail, (when - START).total_seconds() / 60)
            for kind, detail, when in found.select("kind", "detail", "at").iter_rows()
        ]

    return find


def test_a_start_of_the_agent_has_the_version_it_says_soon_after(steps):
    assert steps((0, STARTED), (1, "Agent version is: 1.101.102.0"), (50, STARTED)) == [
        ("agent_start", "version 1.101.102.0", 0.0),
        ("agent_start", None, 50.0),
    ]


def test_a_version_said_much_later_belongs_to_no_start(steps):
    assert steps((0, STARTED), (3, "Agent version is: 1.101.102.0")) == [("agent_start", None, 0.0)]


def test_an_agent_that_heard_windows_shut_down_and_started_has_seen_a_restart(steps):
    kinds = [(kind, when) for kind, _, when in steps((0, STARTED), (10, DOWN), (13, STARTED))]
    assert kinds == [("agent_start", 0.0), ("shutdown", 10.0), ("agent_start", 13.0), ("boot", 13.0)]


def test_a_restart_that_an_event_log_tells_is_not_told_twice(steps):
    kinds = [kind for kind, *_ in steps((0, STARTED), (10, DOWN), (13, STARTED), boots=[11])]
    assert kinds == ["agent_start", "agent_start"]


def test_a_stopped_service_is_no_restart_of_windows(steps):
    assert [kind for kind, *_ in steps((0, STARTED), (10, STOP), (11, STARTED))] == ["agent_start"] * 2


def test_a_shutdown_long_before_another_start_counts_for_the_next_start_alone(steps):
    kinds = [(kind, when) for kind, _, when in steps((0, DOWN), (5, STARTED), (60, STARTED))]
    assert kinds == [("shutdown", 0.0), ("agent_start", 5.0), ("boot", 5.0), ("agent_start", 60.0)]


def free(megabytes):
    return (
        f"[Win32App] applicationRequirementMetadata RequiredFreespace: 500, availableFreeSpaceInMB: "
        f"{megabytes:,} on Drive C:\\, applicability: Applicable."
    )


def test_free_space_is_told_again_when_it_changed_by_a_gigabyte(steps):
    told = steps((0, free(50_000)), (1, free(50_001 - LEAST_CHANGE)), (2, free(50_000 - LEAST_CHANGE)))
    assert told == [("disk_space", "50000 MB free on C:", 0.0), ("disk_space", "48976 MB free on C:", 2.0)]

"""One list says which events are a start of Windows; a row more counts wherever starts do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.facts import boot_events as module
from autopilot_analysis.facts.boot_events import SUREST, boot_rank
from autopilot_analysis.tables import Tables
from autopilot_analysis.trace.steps.build import find_device_steps

KERNEL = ("Microsoft-Windows-Kernel-General", 12)
START = datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_the_kernel_itself_is_surer_than_the_log_and_other_events_are_no_start() -> None:
    told = [
        KERNEL,
        ("MICROSOFT-WINDOWS-KERNEL-GENERAL", 12),
        ("EventLog", 6009),
        ("EventLog", 12),
        (None, 12),
    ]
    events = pl.DataFrame(told, schema=["provider", "event_id"], orient="row")
    assert events.select(boot_rank()).to_series().to_list() == [SUREST, SUREST, 2, None, None]


def starts(rows, *told):
    events = [
        {
            "provider": provider,
            "event_id": event,
            "at": START + timedelta(minutes=at),
            "member": "System.evtx",
        }
        for at, (provider, event) in told
    ]
    steps = find_device_steps(Tables.of({"events": rows("events", *events)})).filter(kind="boot")
    return [(at - START) // timedelta(minutes=1) for at in steps["at"]]


def test_a_further_event_of_the_facts_is_a_boot_and_two_tellings_of_one_boot_are_one(
    rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [(0, KERNEL), (1, ("Other", 7)), (20, ("Other", 7)), (21, KERNEL), (22, KERNEL)]
    assert starts(rows, *told) == [0, 21, 22]
    facts = pl.DataFrame({"provider": [KERNEL[0], "Other"], "event_id": ["12", "7"], "rank": ["1", "1"]})
    monkeypatch.setattr(module, "read_facts", lambda _: facts)
    assert starts(rows, *told) == [0, 20, 22]


def test_where_the_kernel_tells_a_start_of_a_device_the_log_tells_none(rows) -> None:
    log = ("EventLog", 6009)
    assert starts(rows, (0, KERNEL), (50, log)) == [0]
    assert starts(rows, (50, log)) == [50]

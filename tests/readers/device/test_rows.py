from __future__ import annotations

from datetime import UTC, datetime

from autopilot_analysis.readers.device.rows import marked, named

JOIN = "Microsoft-Windows-User Device Registration"


def test_rows_are_found_by_their_name_whatever_its_case(rows):
    values = rows(
        "registry_values",
        {"key": r"HKLM\Software\One", "name": "ProductName", "value": "Windows 10 Pro"},
        {"key": r"HKLM\Software\Two", "name": "ProductId", "value": "1"},
    )
    found = named(values, ("key", "name", "value"), ["^productname$"])
    assert found.rows() == [(r"hklm\software\one", "productname", "Windows 10 Pro")]


def test_events_that_are_a_mark_come_in_order_of_time_and_no_others(rows):
    at = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 8, 7)]
    events = rows(
        "events",
        {"provider": JOIN, "event_id": 105, "at": at[0]},
        {"provider": JOIN, "event_id": 105, "at": at[1]},
        {"provider": "Example", "event_id": 105, "at": at[2]},
    )
    found = marked(events, ["joined"])
    assert found.select("mark", "at").rows() == [("joined", at[1]), ("joined", at[0])]

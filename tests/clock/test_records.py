"""Event records as they were written: by channel and record id, with the instants their data hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.clock.records import SMALLEST_STEP, field, in_series, instant, of_kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T08:00:00.5Z", datetime(2026, 3, 2, 8, 0, 0, 500_000, tzinfo=UTC)),
        (" 2026-03-02 08:00:00 ", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("02/03/2026 08:00:00", None),
        ("", None),
    ],
)
def test_an_instant_is_read_in_either_spelling_or_is_unknown(text, expected):
    assert pl.DataFrame({"text": [text]}).select(instant(pl.col("text"))).item() == expected


def test_a_field_that_a_record_lacks_is_null(rows):
    events = rows("events", {"data": '{"Reason": "3"}'}, {"data": "{}"}, {"data": None})
    assert events.select(field("Reason")).to_series().to_list() == ["3", None, None]


def test_a_provider_is_the_same_in_any_letter_case_and_an_id_is_none_of_another_provider(rows):
    events = rows(
        "events",
        {"provider": "Microsoft-Windows-Kernel-General", "event_id": 1},
        {"provider": "MICROSOFT-WINDOWS-KERNEL-GENERAL", "event_id": 1},
        {"provider": "Microsoft-Windows-Kernel-General", "event_id": 12},
        {"provider": "Microsoft-Windows-Kernel-Power", "event_id": 1},
    )
    assert of_kind(events, "microsoft-windows-Kernel-General", 1)["record"].to_list() == [1, 2]


def test_records_stand_by_channel_and_id_whatever_their_times_and_letter_case(rows):
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    events = rows(
        "events",
        {"channel": "System", "record": 2, "recorded_at": noon},
        {"channel": None, "record": 9, "recorded_at": noon},
        {"channel": "SYSTEM", "record": 1, "recorded_at": noon + timedelta(hours=1)},
    )
    assert in_series(events).select("channel", "record").rows() == [("", 9), ("system", 1), ("system", 2)]


def test_a_correction_of_less_than_two_seconds_is_no_step():
    assert timedelta(seconds=2) == SMALLEST_STEP

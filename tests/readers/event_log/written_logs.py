"""Small event logs for the tests of their readers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from autopilot_analysis.samples.formats.event_log import EventRecord, write_event_log

START = datetime(2026, 1, 5, 10, tzinfo=UTC)


def log(*ids, **fields):
    """A log with records of these ids, one a second."""
    return write_event_log(
        [
            EventRecord(
                record_id=number,
                at=START + timedelta(seconds=number),
                provider="Example-Provider",
                provider_guid=UUID(int=5),
                event_id=100 + number % 3,
                channel="Example/Admin",
                computer="PC-1",
                data={"Message": f"text {number} " + "x" * 400} | fields,
            )
            for number in ids
        ]
    )

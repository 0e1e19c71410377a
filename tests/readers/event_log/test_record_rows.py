"""Records become rows: by record id where they are one log, in their own order where they were pasted."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.readers.event_log import record_rows
from autopilot_analysis.readers.event_log.record_rows import RowsOfLogs, events_in_order, events_of_records
from autopilot_analysis.tables import schema_of


def record(number: int, at: str | None = "2026-04-14T08:30:00.250000Z") -> tuple[int, str]:
    """Return one record as the parser spells it."""
    system = {
        "Provider": {"#attributes": {"Name": "Example-Provider"}},
        "EventID": 76,
        "Level": 2,
        "EventRecordID": number,
        "Channel": "Example/Admin",
        "Computer": "PC-1",
    }
    if at:
        system["TimeCreated"] = {"#attributes": {"SystemTime": at}}
    return number, json.dumps(
        {"Event": {"System": system, "EventData": {"HRESULT": "0x80180014"}}}, separators=(",", ":")
    )


def test_records_of_several_chunks_come_by_their_ids():
    rows = events_of_records(iter([[record(3)], [record(1), record(2)]]))
    assert rows["record"].to_list() == [1, 2, 3]
    assert rows["at"].unique().to_list() == [datetime(2026, 4, 14, 8, 30, 0, 250_000, tzinfo=UTC)]
    assert rows["code"].unique().to_list() == ["0x80180014"]


def test_batches_change_nothing_but_how_much_is_held_at_once(monkeypatch):
    records = [record(number) for number in range(1, 8)]
    whole = events_of_records(iter([records]))
    monkeypatch.setattr(record_rows, "_BATCH", 2)
    monkeypatch.setattr(record_rows, "_COMPLETED", 4)
    assert events_of_records(iter([[one] for one in records])).equals(whole)


def test_pasted_records_keep_the_order_in_which_they_stand():
    assert events_in_order([record(3), record(1)])["record"].to_list() == [3, 1]


def test_a_record_without_a_time_has_an_unknown_clock():
    rows = events_in_order([record(1), record(2, at=None)])
    assert rows["clock"].cast(str).to_list() == ["declared", "unknown"]
    assert rows["at"].null_count() == 1


def test_instants_of_any_precision_are_read_beside_those_of_the_parser():
    ats = ("2026-04-14T08:30:00.250000Z", "2026-04-14T08:30:01.2500009Z", "2026-04-14T08:30:02Z", "no time")
    rows = events_in_order([record(number, at) for number, at in enumerate(ats, 1)])
    assert rows["at"].to_list() == [
        datetime(2026, 4, 14, 8, 30, 0, 250_000, tzinfo=UTC),
        datetime(2026, 4, 14, 8, 30, 1, 250_000, tzinfo=UTC),
        datetime(2026, 4, 14, 8, 30, 2, tzinfo=UTC),
        None,
    ]


def test_no_record_is_an_empty_frame_of_the_whole_schema():
    rows = events_of_records(iter([]))
    assert rows.is_empty()
    assert rows.columns == [name for name in schema_of("events") if name not in ("device", "member")]


def test_logs_share_batches_and_each_gets_its_own_rows_back(monkeypatch):
    monkeypatch.setattr(record_rows, "_BATCH", 3)
    rows = RowsOfLogs()
    rows.expect("empty")
    for log, number in (("a", 2), ("a", 1), ("b", 7), ("b", 9), ("a", 3)):
        rows.add(log, [record(number)])
    assert rows.take("a")["record"].to_list() == [1, 2, 3]
    assert rows.take("b")["record"].to_list() == [7, 9]
    assert rows.take("empty").is_empty()


@pytest.mark.parametrize("step", ["_decoded", "_completed"])
def test_a_log_that_cannot_be_decoded_costs_no_other(monkeypatch, step):
    sound = getattr(record_rows, step)

    def made(part):
        if 13 in (part["record"] if isinstance(part, pl.DataFrame) else dict(part)):
            raise ValueError("thirteen")
        return sound(part)

    monkeypatch.setattr(record_rows, step, made)
    rows = RowsOfLogs()
    for log, number in (("sound", 1), ("broken", 13), ("behind", 2)):
        rows.add(log, [record(number)])
    assert rows.take("sound")["record"].to_list() == [1]
    assert str(rows.take("broken")) == "thirteen"
    assert rows.take("behind")["record"].to_list() == [2]

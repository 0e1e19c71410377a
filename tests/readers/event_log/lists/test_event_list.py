"""Lists of the Event Viewer and of Export-Csv: the rows of their log, oldest first, and one gap for a cut."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.event_log.event_log import read_event_log
from autopilot_analysis.readers.event_log.lists.event_list import read_event_list

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
GERMAN = "Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\r\n"
FAILED = 'Fehler,13.05.2026 09:10:05,{DM},71,Keine,"MDM-Registrierung: Fehler (0x80180018)"\r\n'.replace(
    "{DM}", DM
)
SENT = f'Informationen,13.05.2026 09:10:04,{DM},4,Keine,"Gesendet,\r\nmit ""Erfolg""."\r\n'
LIST = GERMAN + FAILED + SENT


def rows(text, encoding="utf-8", columns=("record", "event_id", "level", "code")):
    return read_event_log(text.encode(encoding)).rows["events"].select(columns).rows()


def gaps(text):
    return [(gap.reason, gap.count) for gap in read_event_log(text.encode()).unread]


def test_a_list_of_the_event_viewer_gives_its_events_oldest_first():
    event = read_event_log(LIST.encode()).rows["events"].row(1, named=True)
    assert rows(LIST) == [(1, 4, 4, None), (2, 71, 2, "0x80180018")]
    assert (event["provider"], event["channel"], event["clock"]) == (DM, f"{DM}/Admin", "unknown")
    assert event["recorded_at"] == event["at"] == datetime(2026, 5, 13, 9, 10, 5, tzinfo=UTC)
    assert event["data"] == '{"HRESULT":"0x80180018"}'


def test_a_message_of_several_lines_is_one():
    assert rows(LIST, columns=["data"])[0] == ('{"RenderedMessage":"Gesendet,\\r\\nmit \\"Erfolg\\"."}',)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_does_not_matter(encoding):
    assert rows(LIST, encoding) == rows(LIST)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_list_saved_again_by_a_spreadsheet_or_as_text_is_read(delimiter):
    text = f"{GERMAN.strip()},\r\n{FAILED}".replace(",", delimiter)
    assert rows(text) == [(1, 71, 2, "0x80180018")]


def test_a_list_that_was_sorted_by_something_else_is_put_in_order_of_time():
    seconds = [9, 4, 7, 1, 8, 2]
    text = GERMAN + "".join(FAILED.replace("09:10:05", f"09:10:0{each}") for each in seconds)
    times = [at.second for (at,) in rows(text, columns=["at"])]
    assert times == sorted(seconds)


def test_events_of_one_second_keep_the_order_of_their_log():
    text = (
        GERMAN
        + "".join(SENT.replace(",4,", f",{each},") for each in (10, 8, 6, 4))
        + SENT.replace("10:04", "10:01")
    )
    assert [event_id for (event_id,) in rows(text, columns=["event_id"])] == [4, 4, 6, 8, 10]


def test_numbers_of_records_are_kept_where_the_list_has_them():
    header = "TimeCreated,RecordId,Id,ProviderName,Message\r\n"
    text = header + "".join(f"13/05/2026 09:10:0{n},{900 + n},71,{DM},x\r\n" for n in (2, 1, 0))
    assert rows(text, columns=["record"]) == [(900,), (901,), (902,)]


def test_a_list_that_breaks_off_says_so_once():
    assert gaps(LIST[:-12]) == [
        ("the list breaks off within the message of its last event; what follows is missing", None)
    ]
    assert gaps(LIST) == []


def test_rows_that_are_no_events_are_counted():
    assert gaps(LIST + SENT * 4 + "Summe,,,zwei,\r\n") == [
        ("rows of the list are no events", 1),
    ]


def test_events_without_a_time_or_a_provider_are_kept_and_counted():
    text = LIST + FAILED.replace("13.05.2026", "13.15.2026") + FAILED.replace(DM, "")
    assert [reason for reason, _ in gaps(text)] == [
        "events whose time is not shown, or cannot be read",
        "events of a list that names no provider: no rule can tell what they mean",
    ]
    assert len(rows(text)) == 4


def test_an_order_of_day_and_month_that_nothing_proves_is_a_gap():
    text = LIST.replace("13.05.2026", "3/5/2026")
    assert gaps(text) == [
        ("day and month of its times cannot be told apart: they are read as day and month", 2)
    ]


@pytest.mark.parametrize("text", ["", "a,b\r\n1,2\r\n", GERMAN])
def test_what_is_no_list_is_refused(text):
    with pytest.raises(NotThisFormat, match="neither an event log nor a list of events"):
        read_event_list(text.encode())


def test_a_field_larger_than_any_message_costs_its_row_alone():
    text = LIST + FAILED.replace("0x80180018", "x" * 200_000) + FAILED
    assert len(rows(text)) >= 3

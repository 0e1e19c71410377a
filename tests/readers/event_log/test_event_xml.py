"""Event logs saved as XML: the same rows as of the log itself, and what is cut or foreign is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cases.outside_event_log import Code, Record, Signed, write_evtx, write_xml

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.event_log.event_log import read_event_log

START = datetime(2026, 5, 20, 15, 0, 7, 123456, tzinfo=UTC)
GUID = "bab3ad92-fb96-5902-450b-b8421bdec7bd"
NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"


def record(number=0, channel="Example/Admin", **data):
    return Record(START, "Example-Provider", GUID, channel, 100, "PC-1", 3, data, number=number)


def saved(*records):
    return write_xml(list(records))


def single(inner, system=""):
    """One record alone, as ToXml of PowerShell writes it."""
    system = f"<System><EventRecordID>7</EventRecordID>{system}</System>"
    return f"<Event xmlns='{NAMESPACE}'>{system}{inner}</Event>".encode()


def data_of(content):
    return json.loads(read_event_log(content).rows["events"]["data"].item())


def gaps(content):
    return [(gap.reason, gap.count, gap.whole) for gap in read_event_log(content).unread]


def test_a_log_saved_as_xml_gives_the_rows_of_the_log_itself():
    def records():
        unnamed = {"#0": "C:\\Windows\\a.exe <1>", "#1": "power off"}
        return [
            record(HRESULT=Code(0x80072F76), Attempt=Signed(-747), Count=12, Online=True, Empty="", At=START),
            record(Name="Grüße & 007"),
            Record(START, "User32", None, "Example/Admin", 1074, "PC-1", 4, unnamed, sid=None),
            record(),
        ]

    kept, xml = (read_event_log(write(records())).rows["events"] for write in (write_evtx, write_xml))
    assert xml.drop("version").equals(kept.drop("version"))
    assert xml["version"].to_list() == [0, 0, 0, 0]  # this writer's XML names it, its log does not


def test_a_saved_record_tells_when_where_and_what():
    system = (
        "<Provider Name='Example-Provider' Guid='{0}'/><EventID Qualifiers='16384'>301</EventID>"
        "<Version>2</Version><Level>2</Level><TimeCreated SystemTime='2026-05-20T15:00:07.1234567Z'/>"
        "<Correlation ActivityID='{0a000000-0000-0000-0000-00000000000b}'/>"
        "<Execution ProcessID='40' ThreadID='44'/><Channel>Example/Admin</Channel>"
        "<Computer>PC-1</Computer><Security UserID='S-1-5-18'/>"
    )
    (row,) = read_event_log(single("", system)).rows["events"].iter_rows(named=True)
    assert row | {"clock": str(row["clock"])} == {
        "record": 7, "recorded_at": START, "at": START, "clock": "declared", "channel": "Example/Admin",
        "provider": "Example-Provider", "event_id": 301, "version": 2, "level": 2, "computer": "PC-1",
        "user_sid": "S-1-5-18", "process_id": 40, "thread_id": 44,
        "activity_id": "0A000000-0000-0000-0000-00000000000B", "data": None, "code": None, "name": None,
        "opcode": None,
    }  # fmt: skip


def test_what_windows_writes_around_the_records_changes_nothing():
    body = saved(record(1, Text="ü"), record(2)).decode()
    inner = body.partition("<Events>")[2].removesuffix("</Events>")
    one = read_event_log(body.encode()).rows["events"]
    for other in (
        inner.encode(),
        inner.replace("</Event>", "</Event>\r\n").encode("utf-16"),
        f"\ufeff<root attribute='x'>\r\n{inner}</root>".encode(),
    ):
        assert read_event_log(other).rows["events"].equals(one)


def test_the_element_inside_user_data_gives_its_fields():
    told = "<UserData><EventXML xmlns='E' Kind='3'><Code>0x80070002</Code><N>4</N><N/></EventXML></UserData>"
    assert data_of(single(told)) == {"Kind": "3", "Code": "0x80070002", "N": 4, "N_2": None}


def test_words_in_the_language_of_whoever_saved_the_log_are_left_out():
    told = "<EventData><Data Name='a'>1</Data></EventData>"
    words = "<RenderingInfo Culture='de-DE'><Message>Ja</Message></RenderingInfo>"
    assert data_of(single(told + words)) == {"a": 1}


@pytest.mark.parametrize("text", ["007", "-0", "1.5", "1" * 19, "True", " 1"])
def test_what_only_resembles_a_number_stays_text(text):
    assert data_of(single(f"<EventData><Data Name='a'>{text}</Data></EventData>")) == {"a": text}


def test_a_file_that_breaks_off_gives_what_it_holds_and_a_gap():
    whole = saved(*(record(n, Text="x") for n in range(1, 6)))
    content = whole[: whole.rindex(b"<Data")]
    events = read_event_log(content).rows["events"]
    assert events["record"].to_list() == [1, 2, 3, 4, 5]
    assert events["data"].to_list()[3:] == ['{"Text":"x"}', None]
    assert gaps(content) == [("the file breaks off inside a record; what follows is missing", None, False)]


def test_damage_costs_its_own_record_alone():
    whole = saved(*(record(n, Text="x") for n in range(1, 6)))
    second, fourth = b"<EventRecordID>2</EventRecordID>", b"<EventRecordID>4</EventRecordID>"
    torn = whole.replace(fourth, b"<EventRecordID>4</Event").replace(second, b"&nothing;")
    assert read_event_log(torn).rows["events"]["record"].to_list() == [1, 3, 5]
    assert gaps(torn) == [("records that are ill-formed XML could not be read", 2, False)]


def test_holes_are_told_of_each_channel_that_the_file_mixes():
    one = [record(n, "Example/Admin") for n in (1, 2, 5)]
    other = [record(n, "Example/Operational") for n in (40, 41)]
    assert gaps(saved(*one, *other)) == [
        ("2 record ids are missing, the first behind record 2: filtered out or lost", 2, True),
        (
            "records 1 to 39 are not in this list: nobody saved them with it, or the log had lost them",
            39,
            True,
        ),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + single("<EventData><Data Name='a'>&a;</Data></EventData>"),
        b"<Events></Events>",
        b"<html><body>Event</body></html>",
    ],
)
def test_a_document_type_and_other_xml_are_refused(content):
    with pytest.raises(NotThisFormat, match=r"Admin\.xml"):
        read_event_log(content, "Admin.xml")


@pytest.mark.parametrize(("depth", "rows"), [(28, 1), (40, 0), (200_000, 0)])
def test_a_record_deeper_than_any_event_is_not_read(depth, rows):
    content = single("<UserData>" + "<a>" * depth + "1" + "</a>" * depth + "</UserData>")
    assert read_event_log(content).rows["events"].height == rows
    lost = [count for reason, count, _ in gaps(content) if reason.startswith("records that are")]
    assert lost == [1] * (1 - rows)

"""Events pasted into a text: what the Event Viewer copies, between the words of a mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.readers.event_log.event_log import read_event_log

JOIN = "Microsoft-Windows-User Device Registration"
DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"


def copied(at, number, message, *, source=DM, channel=f"{DM}/Admin", user="SYSTEM"):
    return (
        f"Log Name:      {channel}\nSource:        {source}\nDate:          {at}\nEvent ID:      {number}\n"
        f"Task Category: None\nLevel:         Error\nKeywords:      \nUser:          {user}\n"
        f"Computer:      AP-0001.example.com\nDescription:\n{message}\n"
    )


REFUSED = copied("5/14/2026 9:02:11 AM", 71, "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180018)")
JOINED = copied(
    "5/14/2026 9:01:00 AM",
    304,
    "Automatic registration failed at join phase. \nExit code: Unknown HResult Error code: 0x801c03f3",
    source=JOIN,
    channel=f"{JOIN}/Admin",
)
MAIL = f"Hello all,\n\nthis is what the device shows:\n\n{REFUSED}\n\n{JOINED}\nKind regards\nA. Example\n"


def events(text, *columns):
    return read_event_log(text.encode()).rows["events"].select(columns).rows()


def gaps(text):
    return [(gap.reason, gap.count) for gap in read_event_log(text.encode()).unread]


def test_blocks_within_a_mail_are_events_oldest_first():
    first, second = events(MAIL, "record", "event_id", "level", "code", "channel", "provider")
    assert first == (1, 304, 2, "0x801C03F3", f"{JOIN}/Admin", JOIN)
    assert second == (2, 71, 2, "0x80180018", f"{DM}/Admin", DM)


def test_the_clock_of_a_block_is_the_one_it_shows():
    assert events(REFUSED, "recorded_at", "clock") == [
        (datetime(2026, 5, 14, 9, 2, 11, tzinfo=UTC), "unknown")
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_ends_of_lines_do_not_matter(end):
    assert events(MAIL.replace("\n", end), "event_id", "data") == events(MAIL, "event_id", "data")


def test_a_known_message_gives_its_fields_and_any_other_is_kept():
    (known,) = events(REFUSED, "data")
    assert known == ('{"HRESULT":"0x80180018"}',)
    assert '"RenderedMessage":"Automatic registration failed' in events(JOINED, "data")[0][0]


def test_what_a_block_does_not_show_stays_null_and_is_counted():
    text = copied("<Date and Time>", 71, "x", user="CONTOSO\\anna").replace("AP-0001.example.com", "<name>")
    assert events(text, "at", "computer", "user_sid") == [(None, None, None)]
    assert gaps(text) == [("events whose time is not shown, or cannot be read", 1)]
    assert events(copied("5/14/2026 9:02:11 AM", 71, "x", user="S-1-5-18"), "user_sid") == [("S-1-5-18",)]


def test_events_without_a_time_keep_the_order_of_the_text():
    text = "".join(copied("", number, "x") for number in (9, 4, 7))
    assert events(text, "record", "event_id") == [(1, 9), (2, 4), (3, 7)]


@pytest.mark.parametrize("name", ["pasted.txt", "note.log", "pasted", "mail.md"])
def test_any_name_of_a_file_will_do(tmp_path, name):
    (tmp_path / name).write_text(MAIL, encoding="utf-8")
    tables = read_tables(open_export(tmp_path / name))
    assert tables.members.select("source", "state").rows() == [("events_mdm_admin", "read")]
    assert sorted(tables.events["event_id"]) == [71, 304]

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


def test_words_of_a_mail_behind_a_known_message_cost_none_of_its_fields():
    text = f"{REFUSED}\nRegards (sent from a phone)\n"
    assert events(text, "data", "code") == [('{"HRESULT":"0x80180018"}', "0x80180018")]


def test_what_a_block_does_not_show_stays_null_and_is_counted():
    text = copied("<Date and Time>", 71, "x", user="CONTOSO\\anna").replace("AP-0001.example.com", "<name>")
    assert events(text, "at", "computer", "user_sid") == [(None, None, None)]
    assert gaps(text) == [("events whose time is not shown, or cannot be read", 1)]
    assert events(copied("5/14/2026 9:02:11 AM", 71, "x", user="S-1-5-18"), "user_sid") == [("S-1-5-18",)]


def test_events_without_a_time_keep_the_order_of_the_text():
    text = "".join(copied("", number, "x") for number in (9, 4, 7))
    assert events(text, "record", "event_id") == [(1, 9), (2, 4), (3, 7)]


NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"


def folded(number, *, record=501, data="0x80180018", at="2026-05-14T07:02:11.5000000Z"):
    """The XML of a record as a browser's view is copied."""
    return (
        f'- <Event xmlns="{NAMESPACE}">\n- <System>\n  <Provider Name="{DM}" />\n'
        f'  <EventID>{number}</EventID>\n  <Level>2</Level>\n  <TimeCreated SystemTime="{at}" />\n'
        f"  <EventRecordID>{record}</EventRecordID>\n"
        f"  <Channel>{DM}/Admin</Channel>\n  <Computer>AP-0001</Computer>\n  </System>\n- <EventData>\n"
        f'  <Data Name="HRESULT">{data}</Data>\n  </EventData>\n  </Event>\n'
    )


def test_xml_that_a_browser_showed_is_read_with_words_around_it():
    text = f"As asked:\n\n{folded(71)}\nThanks\n"
    at = datetime(2026, 5, 14, 7, 2, 11, 500000, tzinfo=UTC)
    assert events(text, "record", "at", "clock", "code", "data") == [
        (501, at, "declared", "0x80180018", '{"HRESULT":"0x80180018"}')
    ]
    assert gaps(text) == []


@pytest.mark.parametrize(
    ("write", "data"),
    [
        (lambda xml: xml.replace("<", "\\<"), "0x80180018"),
        (lambda xml: "\n".join(f"> {line}" for line in xml.replace("<", "\\<").splitlines()), "0x80180018"),
        (lambda xml: xml, "C:\\\\Temp\\\\"),
    ],
)
def test_a_backslash_before_a_tag_is_of_markdown_where_the_record_begins_with_one(write, data):
    xml = folded(71, data=data.replace("\\\\", "\\"))
    (row,) = events(write(xml), "record", "data")
    assert row == (501, f'{{"HRESULT":"{data}"}}')


def test_xml_within_a_root_that_can_be_folded_is_read_too():
    assert events(f"<Events>\n{folded(71)}</Events>\n", "record", "event_id") == [(501, 71)]


@pytest.mark.parametrize("label", ["Event Xml:\n", "XML:  \n", "\n\n", ""])
def test_a_block_and_the_xml_of_its_record_are_one_event(label):
    text = f"{REFUSED}{label}{folded(71)}\n{JOINED}"
    assert events(text, "event_id", "clock") == [(71, "declared"), (304, "unknown")]


def test_a_block_and_the_xml_of_another_event_are_two():
    assert events(f"{REFUSED}Event Xml:\n{folded(72)}", "event_id") == [(72,), (71,)]


def test_of_xml_that_breaks_off_what_is_whole_is_kept_and_the_rest_is_a_gap():
    whole = folded(71)
    text = f"It said:\n{whole[: whole.index('<EventRecordID')]}"
    assert events(text, "event_id", "level", "channel", "data") == [(71, 2, None, None)]
    assert gaps(text) == [("the file breaks off inside a record; what follows is missing", None)]
    assert gaps(f"{folded(72)}{whole[: whole.index('71')]}") == gaps(text)


def test_what_follows_xml_that_breaks_off_is_read():
    whole = folded(71)
    text = f"{whole[: whole.index('<EventRecordID')]}...\n\n{JOINED}"
    assert [number for (number,) in events(text, "event_id")] == [71, 304]


def test_a_block_tells_what_the_cut_xml_behind_it_does_not():
    whole = folded(71)
    text = f"{REFUSED}Event Xml:\n{whole[: whole.index('<TimeCreated')]}"
    assert events(text, "record", "clock", "channel", "code") == [(1, "unknown", f"{DM}/Admin", "0x80180018")]
    assert events(text, "at") == events(REFUSED, "at")


def test_a_time_that_no_calendar_has_is_null():
    assert events(folded(71, at="0-05-14T07:02:11.5Z"), "event_id", "at", "clock") == [(71, None, "unknown")]


def test_ill_formed_xml_is_counted_and_costs_no_other_event():
    text = f"{folded(72).replace('</System>', '')}\n{folded(71)}"
    assert events(text, "event_id") == [(71,)]
    assert gaps(text) == [("records that are ill-formed XML could not be read", 1)]


def test_records_of_several_logs_with_one_number_are_numbered_anew():
    text = folded(72, at="2026-05-14T08:00:00Z") + folded(71)
    assert events(text, "record", "event_id") == [(1, 71), (2, 72)]


SCREEN = (
    f"\n   ProviderName: {DM}\n\n"
    "TimeCreated                      Id LevelDisplayName Message\n"
    "-----------                      -- ---------------- -------\n"
    "5/14/2026 9:02:11 AM             71 Error            MDM Enroll: Failed (Unknown Win32 Error code:\n"
    "                                                     0x80180018)\n"
    "5/14/2026 9:01:00 AM              4 Information      MDM Enroll: sent\n\n"
)


def test_what_get_winevent_shows_is_read_oldest_first():
    assert events(SCREEN, "record", "event_id", "level", "code", "provider") == [
        (1, 4, 4, None, DM),
        (2, 71, 2, "0x80180018", DM),
    ]


def test_what_format_list_shows_is_read():
    text = (
        f"\nTimeCreated  : 14.05.2026 09:02:11\nProviderName : {DM}\nId           : 71\nMessage      : x\n\n"
    )
    assert events(text, "event_id", "at", "clock") == [
        (71, datetime(2026, 5, 14, 9, 2, 11, tzinfo=UTC), "unknown")
    ]


def test_forms_of_one_text_are_all_read():
    text = f"{JOINED}\n{SCREEN}{folded(72, at='2026-05-14T12:00:00Z')}"
    assert [number for (number,) in events(text, "event_id")] == [304, 4, 71, 72]


QUOTED = "of this text only what is worded like a message of a known event was read"
FAILED = "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180018)"
NOTE = f"Enrolment does not work here, I see\n* {FAILED}\nany idea?\n"


def test_a_message_quoted_alone_is_an_event_whose_time_and_level_stay_null():
    assert events(NOTE, "event_id", "provider", "at", "level", "computer", "code") == [
        (71, DM, None, None, None, "0x80180018")
    ]
    assert gaps(NOTE) == [(QUOTED, None), ("events whose time is not shown, or cannot be read", 1)]


def test_beside_an_event_that_is_shown_whole_a_quoted_message_is_no_other_event():
    assert events(f"{NOTE}\n{JOINED}", "event_id") == [(304,)]
    assert events(f"{NOTE}\n\nand\n{folded(72)}", "event_id") == [(72,)]


def test_a_message_before_the_xml_of_its_record_tells_what_the_cut_xml_does_not():
    whole = folded(71)
    text = f"{FAILED}\n\n{whole[: whole.index('<EventRecordID')]}"
    assert events(text, "event_id", "level", "code") == [(71, 2, "0x80180018")]
    assert events(text, "clock") == [("declared",)]


AUTOMATIC = "Auto MDM Enroll: Device Credential (0x0), Failed (Unknown Win32 Error code: 0x8018002b)"
MINE = "I think it is the name of the computer.\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{AUTOMATIC}\n\n{MINE}\n{folded(76).partition('<EventRecordID')[0]}",
        f"{folded(76).partition('- <EventData>')[0]}</Event>\n\n{MINE}\n{AUTOMATIC}\n",
    ],
)
def test_a_message_in_the_text_tells_what_its_record_lacks_which_stands_alone_in_xml(text):
    assert events(text, "event_id", "level", "code") == [(76, 2, "0x8018002B")]
    assert events(text, "clock") == [("declared",)]


def test_of_two_records_the_one_that_lacks_its_message_takes_it():
    cut = folded(76, record=502).partition("- <EventData>")[0]
    for whole in (folded(72), folded(76)):
        text = f"{whole}\n{AUTOMATIC}\n\n{MINE}\n{cut}"
        assert [code for (code,) in events(text, "code")] == ["0x80180018", "0x8018002B"]


def test_a_message_tells_nothing_of_a_record_of_another_number_or_that_shows_its_own():
    assert events(
        f"{AUTOMATIC}\n{MINE}\n{folded(75).partition('<EventRecordID')[0]}", "event_id", "code"
    ) == [(75, None)]
    assert events(f"{AUTOMATIC}\n\n{MINE}\n{folded(76)}", "event_id", "code") == [(76, "0x80180018")]


def test_beside_xml_that_breaks_off_before_its_number_a_quoted_message_is_an_event():
    cut = folded(76).partition("<EventID>")[0]
    assert events(f"{AUTOMATIC}\n\n{MINE}\n{cut}", "event_id", "code") == [(76, "0x8018002B")]


def test_what_is_quoted_behind_xml_with_which_a_file_begins_is_read_too(tmp_path):
    text = f"{folded(76).partition('- <EventData>')[0]}</Event>\nIts text:\n{AUTOMATIC}\n".removeprefix("- ")
    (tmp_path / "event.xml").write_text(text, encoding="utf-8")
    tables = read_tables(open_export(tmp_path / "event.xml"))
    assert tables.events.select("event_id", "level", "code").rows() == [(76, 2, "0x8018002B")]


def test_a_text_that_another_reader_takes_is_left_to_it(tmp_path):
    (tmp_path / "note.txt").write_text(NOTE, encoding="utf-8")
    (tmp_path / "own.log").write_text(NOTE, encoding="utf-8")
    (tmp_path / "status.txt").write_text(
        f"{NOTE}\n| Device State |\n  AzureAdJoined : NO\n", encoding="utf-8"
    )
    members = read_tables(open_export(tmp_path)).members.sort("member").select("member", "source").rows()
    pasted = [(name, "events_mdm_admin") for name in ("note.txt", "own.log")]
    assert members == [*pasted, ("status.txt", "dsregcmd")]


@pytest.mark.parametrize("name", ["pasted.txt", "note.log", "pasted", "mail.md"])
def test_any_name_of_a_file_will_do(tmp_path, name):
    (tmp_path / name).write_text(MAIL, encoding="utf-8")
    tables = read_tables(open_export(tmp_path / name))
    assert tables.members.select("source", "state").rows() == [("events_mdm_admin", "read")]
    assert sorted(tables.events["event_id"]) == [71, 304]


def test_a_refused_certificate_is_read_in_whatever_words_stand_above_it():
    note = "Event ID 32\nSCEP: Certificate enroll failed. Result: (The request was denied.).\n"
    assert events(note, "event_id", "provider", "channel") == [(32, DM, f"{DM}/Admin")]

"""What PowerShell shows of events on its screen: tables and properties, wrapped, with words around."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.event_screens import lists_in, tables_in

HEADER = (
    "TimeCreated                     Id LevelDisplayName Message",
    "-----------                     -- ---------------- -------",
)
TABLE = (
    "PS C:\\> Get-WinEvent -LogName Microsoft-Windows-AAD/Operational",
    "",
    "",
    "   ProviderName: Microsoft-Windows-AAD",
    "",
    *HEADER,
    "5/14/2026 9:02:11 AM          1098 Error            Error: 0xCAA2000C The request",
    "                                                    requires user interaction.",
    "5/14/2026 9:01:11 AM             9                  of no level",
    "",
    "   ProviderName: Microsoft-Windows-User Device Registration",
    "",
    *HEADER,
    "5/14/2026 9:00:11 AM           304 Error            Automatic registration failed",
    "PS C:\\> exit",
    "5/14/2026 9:00:12 AM             7 Error            no row of a table any more",
)
AAD = "Microsoft-Windows-AAD"
OBJECT = (
    "TimeCreated  : 5/14/2026 9:02:11 AM",
    "ProviderName : Microsoft-Windows-AAD",
    "Id           : 1098",
    "Message      : Error: 0xCAA2000C",
    "               Id : 5",
    "",
    "               the third line",
    "Bookmark     : System.Diagnostics.Eventing.Reader.EventBookmark",
)


def cells(blocks):
    return [dict(block.cells) for block in blocks]


def test_a_table_gives_its_rows_under_the_provider_above_them():
    first, second, third = cells(tables_in(TABLE))
    assert first == {
        "provider": AAD,
        "at": "5/14/2026 9:02:11 AM",
        "event_id": "1098",
        "level": "Error",
        "message": "Error: 0xCAA2000C The request requires user interaction.",
    }
    assert (second["event_id"], second["level"], second["message"]) == ("9", "", "of no level")
    assert third["provider"] == "Microsoft-Windows-User Device Registration"
    assert [block.begin for block in tables_in(TABLE)] == [7, 9, 15]


def test_columns_that_were_chosen_are_told_by_their_header():
    table = (
        "TimeCreated           ProviderName            Id Message",
        "-----------           ------------            -- -------",
        "14.05.2026 09:02:11   Microsoft-Windows-AAD 1098 Fehler",
    )
    assert cells(tables_in(table)) == [
        {"provider": AAD, "at": "14.05.2026 09:02:11", "event_id": "1098", "message": "Fehler"}
    ]


def test_a_table_whose_blanks_a_page_has_taken_away_is_read_all_the_same():
    table = ("TimeCreated Id LevelDisplayName Message", "----------- -- ---------------- -------")
    rows = ("5/14/2026 9:02:11 AM 1098 Error Error: 0xCAA2000C", "5/14/2026 9:02:12 AM 9 of no level")
    first, second = cells(tables_in((*table, *rows)))
    assert (first["event_id"], first["level"], first["message"]) == ("1098", "Error", "Error: 0xCAA2000C")
    assert (second["event_id"], second["message"]) == ("9", "of no level")


@pytest.mark.parametrize(
    "lines",
    [TABLE[7:8], (HEADER[0], TABLE[7]), ("Mode Id Message", "---- -- -------", TABLE[7])],
    ids=["no header", "no dashes", "no time"],
)
def test_rows_under_no_header_of_events_are_none(lines):
    assert cells(tables_in(lines)) == []


def test_properties_one_a_line_are_one_event_with_its_long_message():
    (event,) = cells(lists_in(("", *OBJECT, "")))
    assert (event["at"], event["provider"], event["event_id"]) == ("5/14/2026 9:02:11 AM", AAD, "1098")
    assert event["message"] == "Error: 0xCAA2000C\nId : 5\n\nthe third line"


def test_each_object_is_an_event_and_words_around_them_are_none():
    lines = ("As asked:", *OBJECT, "", *OBJECT, "", "Message : of a mail", "", "Regards")
    assert [event["message"] for event in cells(lists_in(lines))] == [
        cells(lists_in(OBJECT))[0]["message"]
    ] * 2


def test_an_object_whose_blanks_are_lost_ends_with_its_message():
    lines = ("ProviderName : Microsoft-Windows-AAD", "Id : 9", "Message : first", "second", "", "other words")
    assert cells(lists_in(lines)) == [{"provider": AAD, "event_id": "9", "message": "first\nsecond"}]


def test_properties_of_another_kind_of_object_are_no_event():
    assert cells(lists_in(("Id : 9", "Message : x", "Level : 2"))) == []
    assert cells(lists_in(("ProviderName : x", "Id : none"))) == []

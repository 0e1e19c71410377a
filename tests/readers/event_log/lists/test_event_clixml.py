"""Events by Export-Clixml."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.event_log.event_log import read_event_log

HEAD = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"


def record(number, properties=""):
    return (
        f'<Obj RefId="{number}"><Props><I32 N="Id">71</I32><By N="Level">2</By>'
        f'<I64 N="RecordId">{number}</I64>'
        f'<S N="ProviderName">{DM}</S><DT N="TimeCreated">2026-05-06T09:02:11.1230000+02:00</DT>{properties}'
        '</Props><MS><S N="Message">MDM Enroll: Failed_x000D__x000A_'
        "(Unknown Win32 Error code: 0x80180018)</S></MS></Obj>"
    )


VALUES = (
    '<Obj N="Properties" RefId="7"><LST><Obj RefId="8"><Props><U32 N="Value">2149056532</U32></Props></Obj>'
    "</LST></Obj>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_events_are_read_with_their_message(encoding):
    events = read_event_log(f"{HEAD}{record(4)}{record(5)}</Objs>".encode(encoding)).rows["events"]
    at = datetime(2026, 5, 6, 7, 2, 11, 123000, tzinfo=UTC)
    assert events.select("record", "at", "clock", "level", "channel", "code").rows() == [
        (4, at, "declared", 2, f"{DM}/Admin", "0x80180018"),
        (5, at, "declared", 2, f"{DM}/Admin", "0x80180018"),
    ]


def test_what_the_provider_wrote_comes_before_the_message():
    events = read_event_log(f"{HEAD}{record(4, VALUES)}</Objs>".encode()).rows["events"]
    assert events["code"].to_list() == ["0x80180014"]


def test_a_list_that_breaks_off_keeps_its_whole_events():
    reading = read_event_log(f"{HEAD}{record(4)}{record(5, VALUES)[:-90]}".encode())
    assert reading.rows["events"]["record"].to_list() == [4]
    assert [gap.reason for gap in reading.unread] == ["the list breaks off after 1 whole events"]


@pytest.mark.parametrize(
    "body",
    ['<Obj><Props><S N="Name">Spooler</S></Props></Obj></Objs>', "<Obj></Objs>", "<!DOCTYPE x></Objs>"],
)
def test_what_holds_no_event_is_refused(body):
    with pytest.raises(NotThisFormat, match="holds no records of events"):
        read_event_log(f"{HEAD}{body}".encode())

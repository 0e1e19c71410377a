"""Events by ConvertTo-Json, of Windows PowerShell and of PowerShell 7."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.event_log.event_log import read_event_log

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
FAILED = {
    "TimeCreated": "/Date(1778050931123)/",
    "Id": 71,
    "ProviderName": DM,
    "LevelDisplayName": "Fehler",
    "Message": "MDM-Registrierung: Fehler (Unbekannter Win32-Fehlercode: 0x80180018)",
}
AT = datetime(2026, 5, 6, 7, 2, 11, 123000, tzinfo=UTC)


def read(document, encoding="utf-8"):
    text = document if isinstance(document, str) else json.dumps(document)
    return read_event_log(text.encode(encoding))


def event(**more):
    return read([{**FAILED, **more}]).rows["events"].row(0, named=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("document", [[FAILED], FAILED, {"value": [FAILED], "Count": 1}])
def test_one_event_is_read_however_it_is_wrapped(document, encoding):
    events = read(document, encoding).rows["events"]
    assert events.select("at", "clock", "event_id", "level", "provider", "channel", "code").rows() == [
        (AT, "declared", 71, 2, DM, f"{DM}/Admin", "0x80180018")
    ]


@pytest.mark.parametrize(
    "written",
    [
        {"value": "/Date(1778050931123)/", "DisplayHint": 2, "DateTime": "Mittwoch, 6. Mai 2026 09:02:11"},
        "2026-05-06T09:02:11.1230000+02:00",
        "\\/Date(1778050931123)\\/",
    ],
)
def test_a_date_is_read_as_each_powershell_writes_it(written):
    assert event(TimeCreated=written)["at"] == AT


def test_what_a_whole_record_says_is_kept():
    whole = {
        "RecordId": 50, "Level": 2, "LevelDisplayName": None, "LogName": "Example/Admin", "ProcessId": 3120,
        "ThreadId": 44, "MachineName": "PC-0417", "UserId": {"BinaryLength": 12, "Value": "S-1-5-18"},
        "ActivityId": "{0a000000-0000-0000-0000-00000000000b}", "Version": 0,
    }  # fmt: skip
    found = event(**whole)
    numbers = ("record", "level", "version", "process_id", "thread_id")
    assert [found[name] for name in numbers] == [50, 2, 0, 3120, 44]
    assert found["channel"] == "Example/Admin"
    assert (found["computer"], found["user_sid"]) == ("PC-0417", "S-1-5-18")
    assert found["activity_id"] == "0A000000-0000-0000-0000-00000000000B"


def test_properties_come_before_the_message():
    assert event(Id=76, Properties=[{"Value": 0}, {"Value": 2149056554}])["code"] == "0x8018002A"


def test_properties_too_deep_for_the_conversion_leave_the_message():
    shallow = ["System.Diagnostics.Eventing.Reader.EventProperty"]
    assert event(Properties=shallow)["data"] == '{"HRESULT":"0x80180018"}'


def test_bytes_among_the_properties_are_null():
    assert event(Id=5, ProviderName="Example", Properties=[{"Value": [1, 2]}])["data"] == '{"Data":[null]}'


def test_a_list_that_breaks_off_says_so_once():
    text = json.dumps([FAILED, FAILED, FAILED])[:-40]
    assert [gap.reason for gap in read(text).unread] == ["the list breaks off after 2 whole events"]


def test_objects_that_are_no_events_are_counted():
    unread = read([FAILED, {"TimeCreated": None, "Id": "x"}]).unread
    assert [(gap.reason, gap.count) for gap in unread] == [("objects of the list are no events", 1)]


def test_objects_of_another_kind_are_refused():
    with pytest.raises(NotThisFormat, match="holds no records of events"):
        read([{"serialNumber": "AP-0001"}])

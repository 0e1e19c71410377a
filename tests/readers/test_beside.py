"""A text that shows a join state and quotes events: both are read, each with its own gaps."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from msgspec.structs import replace

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.beside import Beside, joined, with_beside
from autopilot_analysis.readers.formats import READERS
from autopilot_analysis.readers.reading import Reading, Unread, rows_of
from autopilot_analysis.readers.texts.hardware.tpm import is_of_collector
from autopilot_analysis.readers.texts.properties import Properties

STATUS = (
    "+----------------------------------------------------------------------+\n"
    "| Device State                                                         |\n"
    "+----------------------------------------------------------------------+\n\n"
    "             AzureAdJoined : YES\n          EnterpriseJoined : NO\n              DomainJoined : YES\n\n"
)
QUOTED = "Event ID 76 shows Auto MDM Enroll: Device Credential (0x1), Failed (Error code: 0x8018002a)\n\n"
BLOCK = (
    "Log Name:      Microsoft-Windows-User Device Registration/Admin\n"
    "Source:        Microsoft-Windows-User Device Registration\nDate:          5/14/2026 9:02:11 AM\n"
    "Event ID:      304\nLevel:         Error\nComputer:      AP-0001\nDescription:\n"
    "Automatic registration failed at join phase.\n\n"
)


@pytest.mark.parametrize(
    ("beside", "event"),
    [(QUOTED, (76, "0x8018002A")), (BLOCK, (304, None))],
)
def test_a_join_state_and_the_events_beside_it_are_both_read(tmp_path, beside, event):
    for number, text in enumerate((beside + STATUS, STATUS + beside)):
        file = tmp_path / f"pasted{number}.txt"
        file.write_text(text, encoding="utf-8")
        tables = read_tables(open_export(file))
        assert tables.members["source"].to_list() == ["dsregcmd"]
        assert tables.events.select("event_id", "code").rows() == [event]
        assert tables.properties.filter(name="AzureAdJoined")["value"].to_list() == ["YES"]


CHIP = "2026-01-02T03:04:05\r\nTpmHLI GetVersion result: 0x00000000\r\nTpmHLI Version: 2.0\r\nReady: True\r\n"


@pytest.mark.parametrize(("text", "alone"), [(CHIP, True), (CHIP + QUOTED, False)])
def test_what_stands_beside_a_report_of_the_tpm_is_read_where_any_line_is_not_its_own(text, alone):
    assert is_of_collector(text.encode()) is alone
    reading = READERS["tpm_text"].read(text.encode(), "x")
    assert reading.rows["properties"].filter(name="TpmHLI Version").height == 1
    assert ("events" in reading.rows) is not alone


def test_a_join_state_alone_has_no_events():
    assert list(READERS["dsregcmd"].read(STATUS.encode(), "x").rows) == ["properties"]


def test_a_text_that_only_bears_the_name_of_a_join_state_keeps_the_events_that_it_quotes(tmp_path):
    file = tmp_path / "dsregcmd-notes.txt"
    file.write_text(f"what I saw\n# {QUOTED}", encoding="utf-8")
    tables = read_tables(open_export(file))
    assert tables.members.select("source", "state").rows() == [("dsregcmd", "partial")]
    assert tables.events.select("event_id", "code").rows() == [(76, "0x8018002A")]
    file.write_text("what I saw\n", encoding="utf-8")
    assert read_tables(open_export(file)).members["state"].to_list() == ["damaged"]


def _reader(*values: str) -> Beside:
    """A form of which a text holds these properties; none where it holds none."""

    def find(content: bytes) -> Reading | None:
        found = Properties()
        for value in values:
            if value.encode() in content:
                found.add("", "of", value)
        return found.reading((Unread(f"after {values[0]}"),)) if len(found) else None

    return Beside(find)


def _own(content: bytes, member: str = "") -> Reading:
    if b"own" not in content:
        raise NotThisFormat(f"{member} is another")
    return Reading({"log_lines": pl.DataFrame({"message": ["own"]})}, (Unread("after own"),))


def test_what_stands_beside_follows_in_the_order_of_its_forms_with_its_gaps():
    read = with_beside(_own, _reader("b"), _reader("a"))
    reading = read(b"own a b", "x")
    assert reading.rows["properties"]["value"].to_list() == ["b", "a"]
    assert reading.rows["log_lines"]["message"].to_list() == ["own"]
    assert [gap.reason for gap in reading.unread] == ["after own", "after b", "after a"]


def test_a_form_that_is_enough_alone_takes_every_other_with_it():
    lesser = replace(_reader("a"), alone=False)
    read = with_beside(_own, lesser, _reader("b"))
    assert read(b"a b", "x").rows["properties"]["value"].to_list() == ["a", "b"]
    with pytest.raises(NotThisFormat, match="x is another"):
        read(b"a", "x")


def test_events_of_several_places_are_numbered_by_their_time():
    def events(*hours: int) -> Reading:
        instants = [datetime(2026, 5, 14, hour, tzinfo=UTC) for hour in hours]
        return Reading({"events": rows_of("events", {"at": instants, "record": list(range(len(hours)))})})

    rows = joined([events(9, 11), events(10)]).rows["events"]
    assert rows.select("record", pl.col("at").dt.hour()).rows() == [(1, 9), (2, 10), (3, 11)]
    assert joined([events(11, 9)]).rows["events"]["record"].to_list() == [0, 1]

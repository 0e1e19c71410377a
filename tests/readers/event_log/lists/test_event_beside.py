"""A text that shows a join state and quotes events: both are read, each with its own gaps."""

from __future__ import annotations

import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.readers.formats import READERS

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

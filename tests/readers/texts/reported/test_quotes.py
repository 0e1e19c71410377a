"""Errors that a text quotes: rows of their own, beside whatever else the text holds."""

from __future__ import annotations

import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.texts.reported.quotes import ALONE, SECTION, read_quotes

PAGE = "Something went wrong.\nContact your system administrator with the error code 80180014\n"
ROW = (2, SECTION, "code of an enrolment", "Contact your system administrator with the error code 80180014")
STATE = "AzureAdPrt : NO\nDeviceAuthStatus : SUCCESS\n"
EVENT = "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180014)\n"


def read(tmp_path, text, name="note.txt"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_tables(open_export(tmp_path / name))


def test_a_line_that_shows_an_error_is_kept_with_its_place():
    reading = read_quotes(PAGE.encode("utf-16"))
    assert reading.rows["properties"].select("record", "section", "name", "value").rows() == [ROW]
    assert [gap.reason for gap in reading.unread] == [ALONE]


@pytest.mark.parametrize("text", ["", "hello\n", PAGE + " " * 300_000])
def test_any_other_text_is_refused(text):
    with pytest.raises(NotThisFormat):
        read_quotes(text.encode(), "a.txt")


@pytest.mark.parametrize("name", ["note.txt", "note.md", "ticket"])
def test_a_text_with_an_error_of_a_page_is_known_whatever_its_name(tmp_path, name):
    tables = read(tmp_path, PAGE, name)
    assert tables.members["source"].to_list() == ["quotes"]
    assert tables.properties["section"].to_list().count(SECTION) == 1


@pytest.mark.parametrize(
    ("beside", "source", "events"), [(STATE, "dsregcmd", 0), (EVENT, "events_mdm_admin", 1)]
)
def test_an_error_is_read_beside_what_else_the_text_holds(tmp_path, beside, source, events):
    tables = read(tmp_path, f"{beside}\n{PAGE}")
    assert tables.members["source"].to_list() == [source]
    assert tables.properties["section"].to_list().count(SECTION) == 1
    assert tables.events.height == events


def test_a_text_without_one_stays_what_it_was(tmp_path):
    assert SECTION not in read(tmp_path, EVENT).properties["section"].to_list()


def test_a_code_that_is_only_told_is_nothing_beside_what_else_a_text_holds(tmp_path):
    tables = read(tmp_path, f"Autopilot ends with 0x80070774\n{STATE}")
    assert SECTION not in tables.properties["section"].to_list()

"""Setup logs: one row a dated line, its further lines with it."""

from datetime import datetime

import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Unread
from autopilot_analysis.readers.text_logs import setup_log
from autopilot_analysis.readers.text_logs.setup_log import read_setup_log

LOG = """\ufeff2026-01-05 10:00:00, Info                         [oobe.exe] Started\r
2026-01-05 10:00:01, Warning                      [oobe.exe] Slow\r
   because of this\r
2026-01-05 10:00:02, Error                 SYSPRP Failed, hr = 0x80070005\r
2026-01-05 10:00:03, Info       [0x0f0080] IBS    Callback\r
2026-01-05 10:00:04, FatalError                   No bracket\r
"""


def test_a_line_tells_time_severity_component_and_message():
    lines = read_setup_log(LOG.encode()).rows["log_lines"]
    assert lines.select("record", "severity", "component", "message").rows() == [
        (1, "info", "oobe.exe", "Started"),
        (2, "warning", "oobe.exe", "Slow\n   because of this"),
        (4, "error", "SYSPRP", "Failed, hr = 0x80070005"),
        (5, "info", "IBS", "[0x0f0080] Callback"),
        (6, "error", None, "No bracket"),
    ]
    assert lines["written_at"][0] == datetime.fromisoformat("2026-01-05T10:00:00")
    assert lines["at"].null_count() == lines.height
    assert lines["clock"].unique().to_list() == ["unknown"]


def test_lines_before_the_first_record_are_a_gap():
    reading = read_setup_log(b"rest of a message\nmore\n" + LOG.encode("utf-8-sig")[6:])
    assert reading.unread[0] == Unread(
        "the log begins inside a record: its first lines belong to none", record=1, count=2
    )
    assert reading.rows["log_lines"]["record"][0] == 3


def test_an_empty_log_has_no_rows_and_no_gap():
    reading = read_setup_log(b"\r\n")
    assert (reading.count, reading.unread) == (0, ())


@pytest.mark.parametrize("content", [b"hello\nworld", b"\0" * 500, b"\xff" * 500])
def test_what_has_no_dated_line_is_not_a_setup_log(content):
    with pytest.raises(NotThisFormat, match=r"setupact.log has no line of a setup log"):
        read_setup_log(content, "setupact.log")


def test_records_taken_apart_in_blocks_are_those_taken_apart_at_once(monkeypatch):
    text = "".join(
        f"2026-03-02 10:00:{n % 60:02}, Info  [part] message {n}\n  further {n}\n" for n in range(50)
    )
    whole = setup_log.read_setup_log(text.encode()).rows["log_lines"]
    monkeypatch.setattr(setup_log, "_BLOCK", 7)
    assert_frame_equal(setup_log.read_setup_log(text.encode()).rows["log_lines"], whole)

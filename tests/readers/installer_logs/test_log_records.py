"""Records of an installer's log: where one begins, and what belongs to it."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import LOG_LINE


def test_a_record_is_its_first_line_and_all_that_follow_it_up_to_the_next():
    content = b"banner\n[1] begins\n  goes on\n\n[2] stands alone\n"
    records, unread = split_records(content, r"^\[\d\]")
    assert records.rows() == [(2, "[1] begins\n  goes on"), (5, "[2] stands alone")]
    assert unread == ()


def test_the_encoding_of_the_file_does_not_matter():
    text = "[1] Müller\r\n[2] end\r\n"
    for encoded in (text.encode(), text.encode("utf-16"), text.encode("utf-8-sig")):
        assert split_records(encoded, r"^\[\d\]")[0]["message"].to_list() == ["[1] Müller", "[2] end"]


def test_a_file_without_a_record_has_no_rows():
    assert split_records(b"nothing here\n", r"^\[\d\]")[0].rows() == []
    assert split_records(b"", r"^\[\d\]")[0].rows() == []


def test_lines_have_every_column_and_say_how_their_instant_is_known():
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    dated = to_lines(pl.DataFrame({"record": [1, 2], "message": ["a", "b"], "at": [at, None]}))
    assert dict(dated.schema) == LOG_LINE
    assert dated["clock"].to_list() == ["declared", "unknown"]
    undated = to_lines(pl.DataFrame({"record": [1], "message": ["a"]}))
    assert undated.select("at", "clock", "component").rows() == [(None, "unknown", None)]

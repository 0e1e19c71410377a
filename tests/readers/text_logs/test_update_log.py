"""Both forms of WindowsUpdate.log, written by hand after their documented shapes."""

from __future__ import annotations

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.text_logs.update_log import read_update_log

DECODED = """2026/03/02 08:15:00.1234567 7120  2456  Agent           * START * Finding updates
2026/03/02 08:15:01.0000000 7120  2456  WebServices     *FAILED* [80240438] Web service call
2026/03/02 08:15:02.5000000 7120  2456  Agent           * END * Finding, Exit code = 0x80240438 (cV = a)
"""
OLD = (
    "2026-03-02\t08:15:00:123\t1312\tb1c\tMisc\tWARNING: SendRequest failed with hr = 80072ee7.\n"
    "Proxy List used: <(null)>\n"
    "2026-03-02\t08:15:01:000\t1312\tb1c\tAU\tFATAL: no search\n"
    "2026-03-02\t08:15:02:000\t1312\tb1c\tAU\tAll AU searches complete.\n"
)


def lines(text):
    return read_update_log(text.encode()).rows["log_lines"]


def test_the_decoded_log_tells_time_component_and_failure():
    read = lines(DECODED)
    assert read["severity"].to_list() == ["info", "warning", "error"]
    assert read["component"].to_list() == ["Agent", "WebServices", "Agent"]
    assert (str(read["written_at"][0]), read["thread"][0]) == ("2026-03-02 08:15:00.123000", 2456)
    assert read["message"][1] == "*FAILED* [80240438] Web service call"


def test_the_older_log_tells_them_behind_tabs_and_keeps_further_lines():
    read = lines(OLD)
    assert read["severity"].to_list() == ["warning", "error", "info"]
    assert (str(read["written_at"][0]), read["thread"][0]) == ("2026-03-02 08:15:00.123000", 0xB1C)
    assert read["message"][0].endswith("hr = 80072ee7.\nProxy List used: <(null)>")


def test_a_cut_line_is_no_record_and_what_has_no_line_is_no_such_log():
    assert lines(DECODED[:-50]).height == 2
    assert lines("").is_empty()
    with pytest.raises(NotThisFormat, match="no line of a log of Windows Update"):
        read_update_log(b"2026-03-02 08:15:00 started\n", "other.log")


@pytest.mark.parametrize("text", [DECODED, OLD])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_it_is_known_by_its_lines_whatever_its_name(text, encoding):
    head = text.encode(encoding)
    assert classify("pasted.txt", kinds_of(head), text_of(head)).source == "update_log"


def test_another_log_with_such_times_is_none():
    head = b"2026/03/02 08:15:00.123 1234 5678 Contoso started\n" * 3
    assert classify("contoso.log", kinds_of(head), text_of(head)).source == "own_log"

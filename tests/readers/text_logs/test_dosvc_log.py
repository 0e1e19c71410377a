"""Logs of Delivery Optimization, written by hand after genuine ones; every id and host is made up."""

from __future__ import annotations

from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.text_logs.dosvc_log import read_dosvc_log

JOB = "5D0C1F0A-0000-4000-8000-000000000001"
OTHER = "5d0c1f0a-0000-4000-8000-000000000002"
LOG = f"""2026-03-02T08:15:00.1234567Z  2F4 1A30     Info {{CBackgroundCopyJob::Create}} New download: jobId = {JOB}, Uri = https://cdn.example.com/files/Atlas.msi?x=1, LocalFile = [none]
2026-03-02T08:15:01.0000000Z  2F4 1A30     Info {{CTelemetryLogger::Start}} hr = 0, jobId = {JOB}, bytes: [File: 12345, req: 1], downloadMode = 99,
2026-03-02T08:15:02.0000000Z  2F4 1A30     Warn {{CBackgroundCopyJob::Resume}} Job {OTHER} Resume, hr = 0x80d02002, state = 0
"""  # noqa: E501


def facts(text):
    rows = read_dosvc_log(text.encode()).rows["properties"].select("section", "name", "value").rows()
    return {(section[-4:], name): value for section, name, value in rows}


def test_the_lines_of_a_job_tell_its_address_size_mode_and_result():
    assert facts(LOG) == {
        ("0001", "address"): "https://cdn.example.com/files/Atlas.msi?x=1",
        ("0001", "bytes"): "12345",
        ("0001", "mode"): "99",
        ("0001", "result"): "0",
        ("0002", "result"): "0x80d02002",
    }
    ended = LOG + LOG.splitlines()[1].replace("hr = 0,", "hr = 80d03805,") + "\n"
    assert facts(ended)["0001", "result"] == "80d03805"


def test_each_line_is_a_record_with_its_instant_and_level():
    lines = read_dosvc_log(LOG.encode()).rows["log_lines"]
    assert lines["severity"].to_list() == ["info", "info", "warning"]
    assert str(lines["at"][0]).startswith("2026-03-02 08:15:00.123456")


def test_a_cut_line_keeps_what_is_whole_of_it():
    assert ("0001", "bytes") not in facts(LOG[: LOG.index("bytes:")])


def test_it_is_known_by_its_lines_whatever_its_name():
    head = LOG.encode()
    assert classify("pasted.txt", kinds_of(head), text_of(head)).source == "dosvc_log"
    other = b"2026-03-02T08:15:00.1234567Z Info something else\n"
    assert classify("pasted.log", kinds_of(other), text_of(other)).source == "own_log"

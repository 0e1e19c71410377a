"""Diagnostic logs of winget, written by hand after their public shape; every name is made up."""

from datetime import datetime

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.installer_logs.winget_log import read_winget_log

OLD = """2026-03-10 05:47:11.002 [CORE] WinGet, version [1.8.1911]
2026-03-10 05:47:11.012 [CLI ] WinGet invoked with arguments: 'install' '--id' 'Contoso.Reader' '--silent'
2026-03-10 05:47:13.577 [CLI ] Starting: 'reader.exe' with arguments '/S'
  a second line
2026-03-10 05:47:15.285 [CLI ] ShellExecute installer failed: 3762504530
"""
NEW = (
    OLD.replace("[CORE]", "<I> [CORE]")
    .replace("[CLI ] Shell", "<E> [CLI ] Shell")
    .replace("3762504530", "-1")
)


def failures(tmp_path, text, name="note.txt"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    tables = read_tables(open_export(tmp_path / name))
    return find(tables, build_trace(tables)).findings.select("rule", "code", "item").rows()


def test_a_record_tells_time_part_and_level():
    lines = read_winget_log(NEW.encode()).rows["log_lines"]
    assert lines.select("record", "component", "severity").rows() == [
        (1, "CORE", "info"),
        (2, "CLI", None),
        (3, "CLI", None),
        (5, "CLI", "error"),
    ]
    assert lines["written_at"][0] == datetime.fromisoformat("2026-03-10T05:47:11.002")
    assert lines["message"][2] == "Starting: 'reader.exe' with arguments '/S'\n  a second line"


def test_a_log_is_known_by_its_content_whatever_its_name():
    for log in (OLD, NEW):
        assert (
            classify("note.log", kinds_of(log.encode()), text_of(log.encode())).source == "installer_winget"
        )


def test_what_winget_did_not_write_is_not_its_log():
    with pytest.raises(NotThisFormat, match="no line of a log of winget"):
        read_winget_log(b"hello\n", "x.log")


def test_an_installer_that_winget_ran_failed_with_the_code_that_it_ended_with(tmp_path):
    assert failures(tmp_path, OLD) == [
        ("INSTALLER-FAILED", "0xE0434352", "Contoso.Reader, exit code 3762504530")
    ]
    assert failures(tmp_path, OLD, "WinGet-2026-03-10.log")


def test_a_log_that_ends_without_a_failure_tells_of_none(tmp_path):
    assert failures(tmp_path, OLD[: OLD.index("2026-03-10 05:47:15")]) == []

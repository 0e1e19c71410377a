"""Logs of PSAppDeployToolkit in all its styles, written by hand; every name is made up."""

from datetime import UTC, datetime

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.installer_logs.toolkit_log import read_toolkit_log

OLD = """[05-28-2026 16:40:39.881] [Initialization] [PSAppDeployToolkit] :: [Example_Viewer] setup started.
[05-28-2026 16:40:41.901] [Installation] [Execute-Process] :: Execution failed with exit code [1603].
"""
NEW = """[2025-08-02 17:43:39.370] [Install] [Start-ADTProcess] [Error] :: Failed with exit code [1639].
Error Record:
-------------

Message : invalid argument
"""
DATED = NEW.replace("2025-08-02 17:43:39.370", "2025-08-02T17:43:39.3700000+02:00")
CMTRACE = (
    "<![LOG[[Install] :: Execution failed with exit code [1603].]LOG]!>"
    '<time="10:51:55.896+60" date="5-26-2026" component="Start-ADTProcess" context="NT AUTHORITY\\SYSTEM" '
    'type="3" thread="19168" file="C:\\Toolkit\\PSAppDeployToolkit.psm1">\n'
)


def read(text):
    return read_toolkit_log(text.encode()).rows["log_lines"]


def test_the_plain_style_of_version_three_has_months_first_and_no_level():
    rows = read(OLD).select("record", "written_at", "component", "severity", "message").rows()
    assert rows[1] == (
        2,
        datetime.fromisoformat("2026-05-28T16:40:41.901000"),
        "Execute-Process",
        None,
        "[Installation] :: Execution failed with exit code [1603].",
    )


def test_the_plain_style_of_version_four_has_a_level_and_records_over_several_lines():
    (row,) = read(NEW).select("severity", "message", "at").rows()
    assert (row[0], row[1].splitlines()[-1], row[2]) == ("error", "Message : invalid argument", None)


def test_an_offset_in_the_plain_style_tells_the_instant():
    lines = read(DATED)
    assert lines["at"][0] == datetime(2025, 8, 2, 15, 43, 39, 370_000, UTC)
    assert (lines["written_at"][0], lines["clock"][0]) == (
        datetime.fromisoformat("2025-08-02T17:43:39.370000"),
        "declared",
    )


def test_the_offset_of_the_cmtrace_style_is_none_to_trust():
    lines = read(CMTRACE)
    assert lines.select("written_at", "at", "clock", "severity").rows() == [
        (datetime.fromisoformat("2026-05-26T10:51:55.896000"), None, "unknown", "error")
    ]


@pytest.mark.parametrize("text", [OLD, NEW, DATED, CMTRACE])
def test_a_log_is_known_by_its_content_whatever_its_name(text):
    head = text.encode()
    assert classify("viewer.log", kinds_of(head), text_of(head)).source == "installer_toolkit"


def test_a_log_of_the_agent_is_not_taken_for_one():
    head = CMTRACE.replace("[Install] ::", "[Win32App] Install").replace("ADT", "x").encode()
    assert classify("AppWorkload.log", kinds_of(head), text_of(head)).source == "ime_appworkload"
    assert classify("viewer.log", kinds_of(head), text_of(head)).source == "cmtrace_other"


def test_what_the_toolkit_did_not_write_is_not_its_log():
    with pytest.raises(NotThisFormat, match="no line of a log of PSAppDeployToolkit"):
        read_toolkit_log(b"hello\n", "x.log")

"""Burn logs, written by hand after their public shape; every name is made up."""

from datetime import datetime

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.installer_logs.burn_log import read_burn_log

LOG = rb"""[1CBC:293C][2025-06-15T13:04:13]i001: Burn v3.11.1.2318, Windows v10.0, path: C:\setup.exe
[1CBC:293C][2025-06-15T13:04:20]w120: Detected partially cached package
  its second line
[0D74:29C4][2025-06-15T13:04:24]e000: Error 0x80070643: Failed to install MSI package.
"""


def test_a_record_tells_process_time_severity_and_its_number():
    lines = read_burn_log(LOG).rows["log_lines"]
    assert lines.select("record", "component", "thread", "severity").rows() == [
        (1, "process 7356", 10556, "info"),
        (2, "process 7356", 10556, "warning"),
        (4, "process 3444", 10692, "error"),
    ]
    assert lines["written_at"][0] == datetime.fromisoformat("2025-06-15T13:04:13")
    assert lines["message"][1] == "120: Detected partially cached package\n  its second line"
    assert lines["message"][2] == "000: Error 0x80070643: Failed to install MSI package."


def test_a_log_is_known_by_its_content_whatever_its_name():
    assert classify("setup.txt", kinds_of(LOG), text_of(LOG)).source == "installer_burn"


def test_what_burn_did_not_write_is_not_its_log():
    with pytest.raises(NotThisFormat, match="no line of a Burn log"):
        read_burn_log(b"hello\n", "x.log")

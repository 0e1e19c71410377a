"""NetSetup.log: each line of a join, with the time it was written at where it has one."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.text_logs.netsetup_log import read_netsetup_log

LOG = b"""05/01/2026 10:00:00:617 -----------------------------------------------
05/01/2026 10:00:00:617 NetpDoDomainJoin
05/01/2026 10:00:00:620 NetpMachineValidToJoin: 'AP-0001'
NetpCreateComputerObjectInDs: failed: 0x216d
05/01/2026 10:00:02:001 NetpDoDomainJoin: status: 0x216d
05/01/2026 10:09:02:001 NetpDoDomainJoin: status: 0x0
"""


def test_each_line_is_a_record_with_its_time_month_first():
    rows = read_netsetup_log(LOG).rows["log_lines"].rows(named=True)
    assert [(row["record"], row["severity"]) for row in rows] == [
        (2, None),
        (3, None),
        (4, None),
        (5, "error"),
        (6, None),
    ]
    assert rows[1]["message"] == "NetpMachineValidToJoin: 'AP-0001'"
    assert rows[1]["written_at"] == datetime.fromisoformat("2026-05-01T10:00:00.620")
    assert rows[2]["written_at"] is None


def test_another_text_is_refused_and_an_empty_one_holds_nothing():
    assert read_netsetup_log(b"\n").rows["log_lines"].is_empty()
    with pytest.raises(NotThisFormat):
        read_netsetup_log(b"05/01/2026 10:00:00:617 something else\n")


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_after_a_line_are_read(noise):
    assert read_netsetup_log(LOG + noise).rows["log_lines"].height >= 5

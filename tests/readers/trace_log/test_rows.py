"""Rows of events: every column that a trace can fill."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from autopilot_analysis.readers.trace_log.trace_log import read_trace_log
from autopilot_analysis.samples.formats.trace_values import TraceField

ACTIVITY = UUID("00000000-0000-4000-8000-00000000000a")


def test_a_row_says_who_what_when_and_in_which_activity(trace, event, start):
    content = trace(event(2, opcode=1, level=5, process_id=40, thread_id=44, activity=ACTIVITY))
    (row,) = read_trace_log(content).rows["events"].to_dicts()
    assert json.loads(row.pop("data")) == {"eventName": "Visible"}
    assert row == {
        "record": 2,
        "recorded_at": start + timedelta(seconds=2),
        "at": start + timedelta(seconds=2),
        "clock": "declared",
        "channel": None,
        "provider": "Microsoft.Windows.Shell.CloudExperienceHost",
        "event_id": 0,
        "version": 0,
        "level": 5,
        "computer": None,
        "user_sid": None,
        "process_id": 40,
        "thread_id": 44,
        "activity_id": str(ACTIVITY).upper(),
        "code": None,
        "name": "WebAppEvent1",
        "opcode": 1,
    }


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (TraceField("resultCode", 0x800704CF, "uint32"), "0x800704CF"),
        (TraceField("hr", -2147024891, "int32", "hresult"), "0x80070005"),
        (TraceField("returnCode", 0, "uint32"), None),
        (TraceField("lineNumber", 2147942487, "uint32"), None),
        (TraceField("wilActivity", (TraceField("hresult", 0x80070491, "uint32"),), "struct"), None),
    ],
)
def test_a_result_that_went_wrong_is_the_code_of_its_event(field, code, trace, event):
    assert read_trace_log(trace(event(fields=[field]))).rows["events"]["code"].to_list() == [code]


def test_an_event_outside_any_activity_has_none(trace, event):
    assert read_trace_log(trace(event())).rows["events"]["activity_id"].to_list() == [None]

"""The logs of a capture are read together and answered each for itself."""

from __future__ import annotations

import pytest
from readers.event_log.written_logs import log

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.event_log.binary_logs import BinaryLogs
from autopilot_analysis.readers.event_log.event_log import read_event_log


def test_logs_read_together_say_what_each_says_alone():
    contents = {"a": log(1, 2, 3), "empty": log(), "late": log(5, 6, 9), "cut": log(*range(1, 200))[:-70_000]}
    logs = BinaryLogs()
    for member, content in contents.items():
        logs.add(content, member)
    answers = logs.answers()
    assert list(answers) == list(contents)
    for member, content in contents.items():
        alone = read_event_log(content, member)
        assert answers[member].rows["events"].equals(alone.rows["events"])
        assert answers[member].unread == alone.unread
    assert answers["cut"].unread
    assert answers["late"].unread


def test_what_was_answered_is_given_away():
    logs = BinaryLogs()
    logs.add(log(1), "a")
    assert list(logs.answers()) == ["a"]
    assert logs.answers() == {}


def test_what_is_no_log_leaves_no_answer():
    logs = BinaryLogs()
    with pytest.raises(NotThisFormat):
        logs.add(b"<Events/>", "x")
    assert logs.answers() == {}

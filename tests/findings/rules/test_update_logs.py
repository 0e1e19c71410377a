"""What Windows Update failed with by its own log; every line is made up."""

from __future__ import annotations

import pytest
from findings.rule_worlds import GOOD

from autopilot_analysis.findings import find
from autopilot_analysis.findings.rule import RULES

RULE = {"UPDATE-FAILED-BY-ITS-LOG": RULES["UPDATE-FAILED-BY-ITS-LOG"]}
OLD = "WARNING: WinHttp: SendRequestToServerForFileInformation failed with 0x80072ee7"
SENT = "WARNING: SendRequest failed with hr = 80072efd. Proxy List used: <(null)>"


def search(world, *lines, source="update_log", **more):
    return find(*world(lines=lines, sources={"agent.log": source}, members=(), **more), rules=RULE)


def warnings(text, times):
    return [("warning", text)] * times


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (warnings(OLD, 3), "0x80072EE7"),
        ([*warnings(OLD, 3), *warnings(SENT, 4)], "0x80072EFD"),
        ([*warnings(OLD, 3), *warnings(SENT, 3)], "0x80072EE7"),
        ([("error", "* END * Finding updates CallerId = x, Exit code = 0x8024402C (cV = a)")], "0x8024402C"),
        (warnings("*FAILED* [80240438] Web service call", 3), "0x80240438"),
    ],
)
def test_the_code_that_the_log_names_the_most_often_is_the_failure(world, lines, code):
    found = search(world, *lines).findings
    assert found["title"].to_list() == [f"Windows Update failed, as its own log says ({code})"]


def test_two_warnings_are_usual_and_another_log_is_another_programs(world):
    assert search(world, *warnings(OLD, 2)).findings.is_empty()
    assert search(world, *warnings(OLD, 9), source="own_log").findings.is_empty()
    well = [("info", "* END * Finding updates, Exit code = 0x00000000"), *warnings("WARNING: slow", 4)]
    assert search(world, *well).findings.is_empty()


def test_on_a_device_that_was_deployed_it_is_only_mentioned(world):
    assert search(world, *warnings(OLD, 3)).findings["severity"].to_list() == ["warning"]
    assert search(world, *warnings(OLD, 3), attempts=GOOD).findings["severity"].to_list() == ["info"]

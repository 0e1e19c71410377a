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
def test_the_code_that_requests_failed_with_or_an_operation_ended_with_is_the_failure(world, lines, code):
    found = search(world, *lines).findings
    assert found["title"].to_list() == [f"Windows Update failed, as its own log says ({code})"]


def test_two_warnings_are_usual_and_another_log_is_another_programs(world):
    assert search(world, *warnings(OLD, 2)).findings.is_empty()
    assert search(world, *warnings(OLD, 9), source="own_log").findings.is_empty()
    both = {"agent.log": "own_log", "WindowsUpdate.log": "update_log"}
    world_of_both = world(lines=warnings(OLD, 9), sources=both, members=())
    assert find(*world_of_both, rules=RULE).findings.is_empty()
    well = [("info", "* END * Finding updates, Exit code = 0x00000000"), *warnings("WARNING: slow", 4)]
    assert search(world, *well).findings.is_empty()


ENDED = "* END * Finding updates CallerId = Atlas, Id = 3, Exit code = 0x80072EE2 (cV = a)"
WELL = "* END * Finding updates CallerId = Atlas, Id = 4, Exit code = 0x00000000 (cV = b)"


def test_what_the_service_notes_of_itself_is_no_failure_however_often(world):
    noise = warnings("*FAILED* [8024000C] Method failed [CAtlas::DelayedInit:12]", 9)
    assert search(world, *noise).findings.is_empty()
    assert search(world, *noise, ("error", "* END * Service exit Exit code = 0x80240001")).findings.is_empty()
    found = search(world, *noise, *warnings(SENT, 4), ("error", ENDED)).findings
    assert found["title"].to_list() == ["Windows Update failed, as its own log says (0x80072EE2)"]


@pytest.mark.parametrize(
    ("after", "failures"),
    [
        ([], 1),
        ([("info", WELL)], 0),
        ([("info", "* END *   Search ClientId = Atlas, Updates found = 2")], 0),
        ([("info", "* END * Installing updates, Exit code = 0x00000000")], 1),
        ([("info", "* END * Service exit Exit code = 0x240001")], 1),
        ([("info", "  * WARNING: Exit code = 0x00240005")], 0),
    ],
)
def test_only_what_did_not_end_well_later_failed(world, after, failures):
    assert search(world, ("info", WELL), ("error", ENDED), *after).findings.height == failures


def test_of_several_ends_the_last_is_the_failure_and_the_address_that_it_asked_is_quoted(world):
    asked = "WARNING: DownloadFileInternal failed for http://wsus.contoso.example/a.cab: error 0x80190194"
    lines = [("error", ENDED), ("warning", asked), ("error", "Exit code = 0x80244019")]
    found = search(world, *lines)
    assert found.findings["title"].to_list() == ["Windows Update failed, as its own log says (0x80244019)"]
    assert sorted(found.evidence["quote"]) == ["Exit code = 0x80244019", asked]


def test_on_a_device_that_was_deployed_it_is_only_mentioned(world):
    assert search(world, *warnings(OLD, 3)).findings["severity"].to_list() == ["warning"]
    assert search(world, *warnings(OLD, 3), attempts=GOOD).findings["severity"].to_list() == ["info"]

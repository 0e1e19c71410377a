"""A log's own good end answers for the errors before it, and for none after it or beside it."""

import pytest

from autopilot_analysis import conclude, find

ERROR = ("error", "[msoobe.exe] the example could not be read, rc=0x2")
EXITED = ("info", "[windeploy.exe] Exiting with code [0x0]")
FAILED = ("info", "[windeploy.exe] Exiting with code [0x1f]")
OOBE = ("info", "[msoobe.exe] OOBE completed successfully, user account created")
LITTLE = "Outcome unknown: what was read does not show"
UNKNOWN = "Outcome unknown: no known fault, and 1 error record "
WELL = "The last part of Windows setup ended well (code 0x0)"


@pytest.mark.parametrize(
    ("lines", "source", "begins", "ends"),
    [
        ([ERROR, EXITED], "setup_log", WELL, "; 1 error record before it is not known here"),
        ([ERROR, ERROR, OOBE, EXITED], "setup_log", WELL, "; 2 error records before it are not known here"),
        ([OOBE], "setup_log", "The out-of-box experience ended well", "; nothing failed in what was seen"),
        ([FAILED, EXITED], "setup_log", WELL, "; nothing failed in what was seen"),
        ([EXITED, ERROR], "setup_log", UNKNOWN, "of an unknown kind"),
        ([ERROR, EXITED, FAILED], "setup_log", UNKNOWN, "of an unknown kind"),
        ([EXITED, FAILED], "setup_log", LITTLE, "anything failed"),
        ([ERROR, EXITED], "ime_log", UNKNOWN, "of an unknown kind"),
        ([("info", "well")], "setup_log", LITTLE, "anything failed"),
    ],
)
def test_a_good_end_answers_for_what_came_before_it_alone(world, lines, source, begins, ends):
    tables, trace = world(lines=lines, sources={"agent.log": source})
    verdict = conclude(tables, trace, find(tables, trace, rules={}))["verdict"][0]
    assert verdict.startswith(begins)
    assert verdict.endswith(ends)


def test_an_error_of_another_file_is_not_answered(world):
    tables, trace = world(
        lines=[ERROR, EXITED], sources={"agent.log": "setup_log"}, events=[("aad:1160", {}, 5, "0xCAA20003")]
    )
    verdict = conclude(tables, trace, find(tables, trace, rules={}))["verdict"][0]
    assert verdict.startswith("Outcome unknown: no known fault, and 2 error records")


WRITTEN = "write output done. output = Contoso Reader removed: success (exit code: 0)\nend of example.ps1"


@pytest.mark.parametrize(
    ("lines", "well"),
    [
        ([WRITTEN], True),
        ([WRITTEN.replace("success (exit code: 0)", "successfully, exit code 0")], True),
        ([WRITTEN + "\nContoso Writer stays (exit code: 1603)"], False),
        ([WRITTEN, "Contoso Writer stays (exit code: 1603)"], False),
        (["Powershell exit code is 1", WRITTEN], False),
        ([WRITTEN.replace("code: 0", "code: 3010")], False),
    ],
)
def test_a_script_that_calls_itself_well_is_a_good_end(world, lines, well):
    tables, trace = world(
        lines=[("info", line) for line in lines], sources={"agent.log": "ime_agentexecutor"}
    )
    verdict = conclude(tables, trace, find(tables, trace, rules={}))["verdict"][0]
    assert verdict.startswith("A script writes of itself") == well


def test_a_script_that_calls_itself_well_answers_for_no_error_of_another(world):
    tables, trace = world(lines=[ERROR, ("info", WRITTEN)], sources={"agent.log": "ime_agentexecutor"})
    assert conclude(tables, trace, find(tables, trace, rules={}))["verdict"][0].startswith(UNKNOWN)


def test_a_good_end_comes_before_errors_that_do_no_harm(world):
    harmless = ("error", "CProvisioningMigration::DoExecute: ProvMigration failed. Error: 0x80070003")
    tables, trace = world(lines=[harmless, EXITED], sources={"agent.log": "setup_log"})
    assert conclude(tables, trace, find(tables, trace, rules={}))["verdict"][0].startswith(WELL)

"""Programs that crash while the status page waits for what they bring."""

import json

import polars as pl
import pytest
from findings.rule_worlds import SETTINGS, TIMED, at

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import find
from autopilot_analysis.findings.rules.crashes import CRASHES
from autopilot_analysis.tables import Tables

RULE = "AWAITED-PROGRAM-CRASHED"
AGENT = "Microsoft.Management.Services.IntuneWindowsAgent.exe"
SERVICE = {"param1": "Microsoft Intune Management Extension", "param2": "1"}
THROWN = (
    f"Application: {AGENT}\nFramework Version: v4.0.30319\nDescription: it ended.\n"
    "Exception Info: System.IO.FileLoadException\n   at Example.Main()"
)
IN_GERMAN = (
    f"Anwendung: {AGENT}\r\nFrameworkversion: v4.0.30319\r\nBeschreibung: beendet.\r\n"
    "Ausnahmeinformationen: System.BadImageFormatException"
)


def fault(minute, program=AGENT):
    return (
        "crash:1000",
        {"Data": [program, "1.0", "0", "example.dll", "1.0", "0", "c0000005"]},
        minute,
        None,
    )


def named(minute, program=AGENT):
    return ("crash:1000", {"AppName": program, "ModuleName": "example.dll"}, minute, None)


def ended(minute, fields=SERVICE, number=7031):
    return (f"scm:{number}", fields, minute, None)


def threw(minute, words=THROWN):
    return ("dotnet:1026", {"Data": [words]}, minute, None)


def items(world, *events, **more):
    return find(*world(**TIMED, events=list(events), **more)).findings.filter(rule=RULE)["item"].to_list()


@pytest.mark.parametrize(
    ("events", "begins"),
    [
        ([fault(20), fault(30)], "the Intune agent (Intune Management Extension), 2 times"),
        ([named(20), named(30), named(40)], "the Intune agent (Intune Management Extension), 3 times"),
        ([ended(20), ended(30)], "the Intune agent (Intune Management Extension), 2 times"),
        (
            [threw(20), threw(30)],
            "the Intune agent (Intune Management Extension), 2 times (System.IO.FileLoadEx",
        ),
        (
            [threw(20, IN_GERMAN), fault(21), fault(30)],
            "the Intune agent (Intune Management Extension), 2 times (S",
        ),
        ([fault(20, "svchost.exe_DoSvc"), fault(30, "svchost.exe_DoSvc")], "Delivery Optimization"),
        ([ended(20, {"param1": "SMS Agent Host"}, 7034)] * 2, "the client of Configuration Manager"),
        ([ended(20, {"param1": "SMS Agent Host"}, 7000)] * 2, "the client of Configuration Manager"),
        ([fault(20, "omadmclient.exe"), fault(30, "omadmclient.exe")], "the management client"),
    ],
)
def test_a_program_that_crashed_again_and_again_is_named_with_how_often(world, events, begins):
    (item,) = items(world, *events)
    assert item.startswith(begins)


@pytest.mark.parametrize(
    "events",
    [
        [fault(20 + n) for n in range(CRASHES - 1)],
        [fault(20), threw(20), ended(20)],
        [fault(20, "example.exe"), fault(30, "example.exe")],
        [ended(20, {"param1": "Print Spooler"}), ended(30, {"param1": "Print Spooler"})],
        [fault(61), fault(70)],
        [fault(-5), fault(-2)],
    ],
    ids=["once", "one crash in three records", "another program", "another service", "later", "before"],
)
def test_a_crash_of_another_moment_or_program_explains_nothing(world, events):
    assert items(world, *events) == []


@pytest.mark.parametrize(("minute", "silent"), [(15, True), (25, False)])
def test_an_agent_that_ended_an_app_after_its_first_crash_works(world, minute, silent):
    app = {"outcome": "succeeded", "started_at": at(12), "ended_at": at(minute)}
    assert bool(items(world, fault(20), fault(30), installs=[app])) is silent


@pytest.mark.parametrize(
    ("member", "minute", "found"),
    [
        ("logs/IntuneManagementExtension.log", 31, 0),
        ("logs/IntuneManagementExtension.log", 30.9, 1),
        ("logs/IntuneManagementExtension.log", 61, 1),
        ("logs/example.log", 40, 1),
    ],
    ids=["it runs", "its last lines", "after the page", "another log"],
)
def test_an_agent_that_writes_on_after_its_last_crash_runs(world, member, minute, found):
    tables, trace = world(**TIMED, events=[fault(20), fault(30)], lines=[("info", "example", minute)])
    lines = tables.log_lines.with_columns(member=pl.lit(member))
    told = find(Tables.of(tables.frames() | {"log_lines": lines}), trace).findings
    assert told.filter(rule=RULE).height == found


def test_an_app_that_is_only_begun_shows_no_agent_that_works(world):
    app = {"outcome": "unfinished", "started_at": at(25), "ended_at": None}
    assert len(items(world, fault(20), fault(30), installs=[app])) == 1


@pytest.mark.parametrize(("code", "silent"), [(None, False), ("0x80072EE2", True)])
def test_a_session_that_went_well_since_shows_a_management_client_that_works(world, code, silent):
    session = ("sync_ended", None, 25, code, None)
    given = TIMED | {"marks": [*TIMED["marks"], session]}
    events = [fault(20, "omadmclient.exe"), fault(30, "omadmclient.exe")]
    found = find(*world(**given, events=events)).findings
    assert (RULE in found["rule"].to_list()) is silent


@pytest.mark.parametrize(("part", "found"), [("Apps", 1), ("Certificates", 0)])
def test_a_page_whose_open_part_is_another_did_not_wait_for_the_agent(world, part, found):
    shown = {
        f"DeviceSetup.{part}Subcategory": {
            "subcategoryState": "inProgress",
            "subcategoryStatusText": "1 of 2",
        }
    }
    page = (SETTINGS, "DeviceSetupCategory.Status", json.dumps(shown))
    assert len(items(world, fault(20), fault(30), registry=[page])) == found


def test_the_crash_is_the_cause_and_the_page_follows_from_it(world):
    found = find(*world(**TIMED, events=[fault(20), fault(30)])).findings
    roles = dict(found.select("rule", "role").iter_rows())
    assert roles | {RULE: "cause", "ESP-TIMEOUT": "consequence"} == roles


def test_each_kind_of_record_is_quoted(world):
    evidence = find(*world(**TIMED, events=[fault(20), ended(20), fault(30)])).evidence
    quotes = evidence.filter(rule=RULE)["quote"].to_list()
    assert quotes[0] == f"{AGENT} crashed in example.dll (event 1000)"
    assert "the service Microsoft Intune Management Extension ended or did not start (event 7031)" in quotes


def test_a_program_and_a_service_are_known_by_their_whole_names():
    facts = read_facts("awaited_programs")
    assert facts["program"].str.starts_with("(?i)^").all()
    assert facts["service"].str.starts_with("(?i)^").all()


HELPER = "AgentExecutor.exe"
UNTOLD = {"outcome": "failed", "kind": "winget", "exit_code": None, "code": None, "ended_at": at(20)}


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([fault(20, HELPER)], "AgentExecutor.exe"),
        ([fault(20, HELPER), fault(20.5, "winget.exe")], "AgentExecutor.exe, 2 times"),
        (
            [threw(20, THROWN.replace(AGENT, HELPER)), named(20, HELPER)],
            "AgentExecutor.exe (System.IO.FileLoadException)",
        ),
        ([fault(30, HELPER)], None),
        ([fault(20, "explorer.exe")], None),
        ([], None),
    ],
    ids=["once", "two programs", "by .NET", "ten minutes later", "another program", "no crash"],
)
def test_a_crash_of_the_agents_helper_beside_an_app_without_a_code_is_named(proofs, failure, events, found):
    given = failure("device_setup") | {"events": events, "installs": [UNTOLD]}
    assert set(proofs("AGENT-PROGRAM-CRASHED", **given)["item"]) == {found} - {None}


@pytest.mark.parametrize(
    ("app", "found"),
    [
        (UNTOLD | {"ended_at": None, "started_at": None}, True),
        (UNTOLD | {"exit_code": 1603}, False),
        (UNTOLD | {"code": "0x80070643"}, False),
        (UNTOLD | {"outcome": "succeeded"}, False),
        (UNTOLD | {"kind": "policy"}, False),
    ],
    ids=["its instant is not known", "exit code", "code", "it went well", "no app"],
)
def test_an_app_whose_own_code_is_known_did_not_fail_by_a_crash_beside_it(proofs, failure, app, found):
    given = failure("device_setup") | {"events": [fault(20, HELPER)], "installs": [app]}
    assert bool(proofs("AGENT-PROGRAM-CRASHED", **given).height) is found

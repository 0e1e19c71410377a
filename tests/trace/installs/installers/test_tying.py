"""Installers' own logs beside the agent's: which line explains which try; everything is made up."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.readers.installer_logs.burn_log import read_burn_log
from autopilot_analysis.readers.installer_logs.msi_log import read_msi_log
from autopilot_analysis.readers.installer_logs.own_log import read_own_log
from autopilot_analysis.readers.installer_logs.toolkit_log import read_toolkit_log
from autopilot_analysis.tables import SCHEMAS, schema_of
from autopilot_analysis.trace.installs.installers.causes import BEFORE
from autopilot_analysis.trace.installs.installers.runs import read_runs
from autopilot_analysis.trace.installs.installers.tying import SLACK, explain_tries

START = datetime(2026, 5, 26, 10, 51, tzinfo=UTC)
APP = "e26839fa-1111-4222-8333-444455556666"
PRODUCT = "{0d1e2f3a-1111-4222-8333-444455556666}"
SOURCES = {"msi": "installer_msi", "burn": "installer_burn", "toolkit": "installer_toolkit", "own": "own_log"}
READERS = {"msi": read_msi_log, "burn": read_burn_log, "toolkit": read_toolkit_log, "own": read_own_log}

MSI = rf"""=== Verbose logging started: 26/05/2026  10:52:00  Build type: SHIP UNICODE 5.00  Calling process: C:\msiexec.exe ===
MSI (s) (F4:D4) [10:52:10:100]: Executing op: CustomActionSchedule(Action=WriteSettings,ActionType=3073)
WixQuietExec64:  Error 0x80070057: Failed to get Command Line
CustomAction WriteSettings returned actual error code 1603 (note this may not be 100% accurate)
Action ended 10:52:14: InstallFinalize. Return value 3.
Property(S): ProductCode = {PRODUCT.upper()}
Property(S): ProductName = Example Viewer
Property(C): CLIENTPROCESSID = 4252
MSI (s) (F4:D4) [10:52:15:000]: MainEngineThread is returning 1603
"""  # noqa: E501
MSI_LINE = (
    "WixQuietExec64: Error 0x80070057: Failed to get Command Line "
    "(action WriteSettings in InstallFinalize, return value 3)"
)
TOOLKIT = rf"""[2026-05-26 10:51:10.000] [Initialization] [Open-ADTSession] [Info] :: [Example_Viewer] install started.
[2026-05-26 10:51:11.000] [Install] [Start-ADTProcess] [Info] :: Executing ["msiexec.exe" /i C:\Windows\IMECache\{APP}_1\Files\viewer.msi /QN /L*V C:\Logs\Viewer_Install.log]...
[2026-05-26 10:52:16.000] [Install] [Start-ADTProcess] [Error] :: Execution failed with exit code [1603].
[2026-05-26 10:52:17.000] [Finalization] [Close-ADTSession] [Info] :: [Example_Viewer] install failed in [67] seconds with exit code [1603].
"""  # noqa: E501
BURN = rb"""[109C:293C][2026-05-26T10:52:00]i001: Burn v3.11.1.2318, Windows v10.0, path: C:\setup.exe
[109C:293C][2026-05-26T10:52:01]i000: Setting string variable 'WixBundleName' to value 'Example Viewer'
[109C:293C][2026-05-26T10:52:20]e000: Error 0x80070643: Failed to install MSI package.
[109C:293C][2026-05-26T10:52:20]e000: Error 0x80070643: Failed to execute MSI package.
[109C:293C][2026-05-26T10:52:21]i399: Apply complete, result: 0x80070643, restart: None
"""


def attempt(item=APP, since=0, until=2, **more):
    at = {"started_at": START + timedelta(minutes=since), "ended_at": START + timedelta(minutes=until)}
    detail = json.dumps(more.pop("detail", {}))
    plain = {"device": "D", "kind": "win32", "outcome": "failed", "exit_code": 1603, "detail": detail}
    return plain | at | {"item": item} | more


def explained(tries, **logs):
    """Return (cause, member, record, tied by) of each try; logs: family or family_n to text."""
    lines, members = [SCHEMAS["log_lines"].create_empty()], []
    for name, text in logs.items():
        family = name.partition("_")[0]
        member = "Logs/Viewer_Install.log" if family == "msi" else f"Logs/{name}.log"
        content = text if isinstance(text, bytes) else text.encode()
        rows = READERS[family](content).rows["log_lines"]
        named = rows.with_columns(device=pl.lit("D"), member=pl.lit(member))
        lines.append(named.select(schema_of("log_lines").keys()))
        members.append({"device": "D", "member": member, "source": SOURCES[family]})
    schema = schema_of("installs")
    installs = pl.DataFrame([{name: row.get(name) for name in schema} for row in tries], schema=schema)
    runs = read_runs(pl.concat(lines), pl.DataFrame(members))
    told = explain_tries(installs, runs)
    by = pl.col("detail").str.json_path_match("$.installer.tied_by")
    return told.select("cause", "cause_member", "cause_record", by).rows()


def test_a_product_code_ties_an_msi_log_to_its_try_and_the_line_before_value_three_is_quoted():
    (row,) = explained([attempt(detail={"products": [PRODUCT]})], msi=MSI)
    assert row == (MSI_LINE, "Logs/Viewer_Install.log", 3, "product code")


def test_the_path_ties_a_wrapper_to_its_app_and_the_log_it_asked_for_explains_it():
    (row,) = explained([attempt(exit_code=60001)], toolkit=TOOLKIT, msi=MSI)
    assert row == (MSI_LINE, "Logs/Viewer_Install.log", 3, "log")


def test_a_wrapper_alone_says_what_it_was_given():
    (row,) = explained([attempt()], toolkit=TOOLKIT)
    assert row == ("[Install] :: Execution failed with exit code [1603].", "Logs/toolkit.log", 3, "path")


def test_a_log_named_in_the_command_belongs_to_its_app():
    detail = {"logs": [r"C:\Logs\viewer_install.LOG"]}
    (row,) = explained([attempt(detail=detail, exit_code=1)], msi=MSI)
    assert row[3] == "log"


def test_a_process_ties_the_installer_that_ran_as_it():
    (row,) = explained([attempt(detail={"process": 4252}, exit_code=1)], burn=BURN)
    assert row == ("000: Error 0x80070643: Failed to install MSI package.", "Logs/burn.log", 3, "process")


def test_time_alone_ties_a_run_that_ended_as_the_only_try_of_its_time():
    other = attempt("22222222-1111-4222-8333-444455556666", since=30, until=40)
    rows = explained([attempt(), other], msi=MSI)
    assert [row[3] for row in rows] == ["time", None]


@pytest.mark.parametrize(
    "tries",
    [
        [attempt(), attempt("22222222-1111-4222-8333-444455556666")],
        [attempt(exit_code=1)],
        [attempt(since=10, until=20)],
        [attempt(outcome="succeeded")],
    ],
    ids=["two at once", "another code", "another time", "a try that went well"],
)
def test_time_alone_ties_nothing_where_it_leaves_a_doubt(tries):
    assert {row[0] for row in explained(tries, msi=MSI)} == {None}


@pytest.mark.parametrize(("late", "tied"), [(SLACK, True), (SLACK + timedelta(seconds=1), False)])
def test_a_run_may_reach_a_minute_beyond_its_try(late, tied):
    began = datetime(2026, 5, 26, 10, 52, tzinfo=UTC)
    one = attempt(detail={"products": [PRODUCT]}) | {"started_at": began + late}
    (row,) = explained([one], msi=MSI)
    assert (row[0] is not None) is tied


def test_each_run_of_an_app_explains_the_try_it_ran_in():
    first, second = attempt(since=-60, until=-55), attempt()
    rows = explained([first, second], toolkit=TOOLKIT)
    assert [row[3] for row in rows] == [None, "path"]


def test_a_run_without_a_day_explains_the_last_try_of_its_app():
    undated = MSI.replace("26/05/2026", "5/6/2026")
    rows = explained([attempt(PRODUCT, kind="msi"), attempt(PRODUCT, 5, 6, kind="msi")], msi=undated)
    assert [row[3] for row in rows] == [None, "product code"]


def test_a_run_that_ended_well_explains_nothing():
    well = TOOLKIT.replace("exit code [1603]", "exit code [0]").replace("[Error]", "[Info]")
    assert explained([attempt()], toolkit=well)[0][0] is None


def test_a_wrapper_that_found_the_installer_busy_says_so_whatever_it_returned():
    busy = "Another MSI installation is already in progress and needs to be completed first."
    text = TOOLKIT.replace("Execution failed with exit code [1603].", busy).replace("[1603]", "[60001]")
    (row,) = explained([attempt(exit_code=60001)], toolkit=text)
    assert row[0] == f"[Install] :: {busy}"


@pytest.mark.parametrize(
    ("lines", "quoted"),
    [
        (
            "Product: Example Viewer -- Error 1925. You do not have sufficient privileges.\n",
            "Product: Example Viewer -- Error 1925. You do not have sufficient privileges.",
        ),
        (
            "Error 1722. There is a problem with this package.\n",
            "Error 1722. There is a problem with this package.",
        ),
        (
            "CustomAction CheckDisk returned actual error code 1603 (note)\n",
            "CustomAction CheckDisk returned actual error code 1603 (note)",
        ),
    ],
    ids=["a message of the product", "an error of the engine", "a custom action alone"],
)
def test_the_best_line_before_the_failed_action_is_quoted(lines, quoted):
    head, tail = MSI[: MSI.index("WixQuietExec64")], MSI[MSI.index("Action ended") :]
    (row,) = explained([attempt(detail={"products": [PRODUCT]})], msi=head + lines + tail)
    assert row[0].startswith(quoted)


def test_lines_of_an_earlier_action_explain_nothing():
    text = MSI.replace("Action ended 10:52:14", "Action start 10:52:14: RollBack.\nAction ended 10:52:14")
    (row,) = explained([attempt(detail={"products": [PRODUCT]})], msi=text)
    assert row[0] == "Action ended 10:52:14: InstallFinalize. Return value 3."


@pytest.mark.parametrize(("lines", "found"), [(BEFORE - 1, True), (BEFORE, False)])
def test_the_reason_is_looked_for_among_the_lines_right_before_the_end_of_the_action(lines, found):
    head, tail = MSI[: MSI.index("WixQuietExec64")], MSI[MSI.index("Action ended") :]
    text = head + "Error 1722. There is a problem.\n" + "chatter\n" * lines + tail
    (row,) = explained([attempt(detail={"products": [PRODUCT]})], msi=text)
    assert row[0].startswith("Error 1722.") is found


OWN = "begun\nERROR: the licence server refused the key\nERROR: exiting with code 1603\n"


def own_causes(tries, log, text=OWN):
    """What the log of that name, in a form of its own, says of each try."""
    rows = read_own_log(text.encode()).rows["log_lines"]
    lines = rows.with_columns(device=pl.lit("D"), member=pl.lit(log)).select(schema_of("log_lines").keys())
    members = pl.DataFrame([{"device": "D", "member": log, "source": "own_log"}])
    schema = schema_of("installs")
    installs = pl.DataFrame([{name: row.get(name) for name in schema} for row in tries], schema=schema)
    return explain_tries(installs, read_runs(lines, members))["cause"].to_list()


@pytest.mark.parametrize(
    ("log", "tied"),
    [
        ("Logs/ExampleViewer_Install.log", True),
        ("example-viewer-setup-v2.log", True),
        ("Install Example Viewer x64 (1).log", True),
        (f"Win32App_{APP}.log", True),
        ("ExampleViewerPlugin_Install.log", False),
        ("MyExampleViewer.log", False),
        ("Example.log", False),
        ("Viewer_Install.log", False),
    ],
)
def test_a_log_in_a_form_of_its_own_is_tied_by_its_name(log, tied):
    (cause,) = own_causes([attempt(name="Example Viewer")], log)
    words = f"{log.rpartition('/')[2]}: ERROR: the licence server refused the key"
    assert cause == (words if tied else None)


def test_a_name_that_is_too_short_ties_nothing():
    assert own_causes([attempt(name="VPN")], "VPN_Install.log") == [None]
    assert own_causes([attempt(name="VPNs")], "VPNs_Install.log") != [None]


def test_of_several_tries_the_last_is_explained_by_a_log_without_times():
    told = own_causes(
        [attempt(name="Example Viewer", since=n, until=n + 1) for n in (0, 5)], "ExampleViewer.log"
    )
    assert [cause is None for cause in told] == [True, False]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("begun\nERROR: exit code 7\n", ": ERROR: exit code 7"),
        ("begun\nstopped\n", " speaks of no error and ends with: stopped"),
        ("begun\nERROR: a\nAnother installation is in progress\n", ": Another installation is in progress"),
    ],
)
def test_where_no_error_explains_the_end_it_is_the_last_line(text, words):
    assert own_causes([attempt(name="Example Viewer")], "ExampleViewer.log", text) == [
        f"ExampleViewer.log{words}"
    ]


OTHER = "22222222-1111-4222-8333-444455556666"
ENDED = {"exit_code": -2147009295, "code": "0x80073CF1", "name": "Example Language"}
CODED = "begun\nERROR: a cache is old\nonly partially installed. ErrorCode: -2147009295.\nbye\n"
SAYS = "Helper.log, which names the same 0x80073CF1: only partially installed. ErrorCode: -2147009295."


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({}, CODED),
        ({"exit_code": None}, CODED),
        ({}, CODED.replace("-2147009295", "0x80073cf1")),
        ({"exit_code": -2146498529, "code": "0x800F081F"}, CODED.replace("-2147009295", "0x800F081F")),
    ],
)
def test_a_log_in_a_form_of_its_own_is_tied_by_the_result_code_it_names(changed, text):
    (cause,) = own_causes([attempt(**ENDED | changed)], "Helper.log", text)
    code = changed.get("code", "0x80073CF1")
    assert cause.startswith(f"Helper.log, which names the same {code}: only partially installed.")


@pytest.mark.parametrize(
    "tries",
    [
        [attempt(**ENDED | {"exit_code": -2147009294})],
        [attempt(**ENDED | {"exit_code": 15601})],
        [attempt(**ENDED), attempt(OTHER, **ENDED)],
        [attempt(**ENDED), attempt(OTHER, name="Helper", exit_code=1)],
    ],
    ids=["another code", "a small number", "two apps", "named after another app"],
)
def test_a_result_code_ties_nothing_where_it_leaves_a_doubt(tries):
    causes = own_causes(tries, "Helper.log", CODED)
    assert not [cause for cause in causes if cause and "names the same" in cause]


@pytest.mark.parametrize(
    "code", ["0x80004005", "0x8000FFFF", "0x80070002", "0x80070005", "0x80070057", "0x80070643", "0x87D30068"]
)
def test_a_result_code_that_many_programs_write_ties_nothing(code):
    one = attempt(exit_code=None, code=code, name="Example Language")
    assert own_causes([one], "Helper.log", f"ERROR: {code}\n") == [None]


def test_of_several_tries_a_code_without_a_time_explains_the_last():
    causes = own_causes([attempt(**ENDED, since=n, until=n + 1) for n in (0, 5)], "Helper.log", CODED)
    assert causes == [None, SAYS]


@pytest.mark.parametrize(("minute", "tied"), [(1, True), (3, True), (3.1, False), (-1, True), (-1.1, False)])
def test_a_line_with_a_time_explains_the_try_of_its_time(minute, tied):
    line = {"device": "D", "member": "Helper.log", "record": 4, "message": "ErrorCode: -2147009295"}
    schema = schema_of("log_lines")
    row = {"at": START + timedelta(minutes=minute), "clock": "declared"} | line
    lines = pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)
    members = pl.DataFrame([{"device": "D", "member": "Helper.log", "source": "cmtrace_other"}])
    schema = schema_of("installs")
    installs = pl.DataFrame([{name: attempt(**ENDED).get(name) for name in schema}], schema=schema)
    (cause,) = explain_tries(installs, read_runs(lines, members))["cause"]
    assert (cause is not None) is tied

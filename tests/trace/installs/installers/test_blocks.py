"""What Windows did not let run, as the logs of App Control, AppLocker and Defender tell it."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.installers.blocks import read_blocks
from autopilot_analysis.trace.installs.installers.runs import InstallerRun
from autopilot_analysis.trace.installs.installers.tying import explain_tries

START = datetime(2026, 5, 26, 10, 51, tzinfo=UTC)
APP = "e26839fa-1111-4222-8333-444455556666"
OTHER = "0c2b7d4e-1111-4222-8333-444455556666"
FOLDER = rf"C:\Windows\IMECache\{APP}_1"
AGENT = r"C:\Program Files (x86)\Microsoft Intune Management Extension\AgentExecutor.exe"
RULE = "01443614-CD74-433A-B99E-2ECDC07BFC25"
INTEGRITY, LOCKER = "Microsoft-Windows-CodeIntegrity", "Microsoft-Windows-AppLocker"
DEFENDER = "Microsoft-Windows-Windows Defender"
BEGAN = START.replace(tzinfo=None)
LOG = InstallerRun(
    "D", "setup.log", "msi", APP, None, None, None, BEGAN, BEGAN, 5, "Error 1925. Access denied.", 7
)


def event(provider, event_id, second=0, **fields):
    return (provider, event_id, second, {name.replace("_", " "): value for name, value in fields.items()})


CRT = 'Microsoft.VC90.CRT,processorArchitecture="x86",type="win32",version="9.0.30729.6161"'
OWN_CRT = 'Example.Runtime,processorArchitecture="amd64",type="win32",version="1.2.3.4"'
SETUP, ELSEWHERE = rf"{FOLDER}\setup.exe", r"C:\Windows\Temp\example\setup.exe"
SAYS = InstallerRun(
    "D", "example.log", "own", APP, None, None, None, BEGAN, BEGAN, 1,
    "example.log: its side-by-side configuration is incorrect", 7,
)  # fmt: skip


def unstarted(number=33, values=(CRT, "", "", SETUP), second=0):
    return ("SideBySide", number, second, {"Data": list(values)})


def surface(event_id=1121, second=0, path=rf"{FOLDER}\driver.exe", process=rf"{FOLDER}\setup.exe"):
    return event(DEFENDER, event_id, second, ID=RULE, Path=path, Process_Name=process)


def events(*given):
    rows = [
        {"device": "D", "member": "x.evtx", "record": n, "at": START + timedelta(seconds=second),
         "clock": "declared", "provider": provider, "event_id": event_id, "data": json.dumps(fields)}
        for n, (provider, event_id, second, fields) in enumerate(given, 1)
    ]  # fmt: skip
    schema = schema_of("events")
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def installs(*given):
    rows = [
        {"device": "D", "item": APP, "kind": "win32", "outcome": "failed", "exit_code": 5,
         "started_at": START - timedelta(seconds=60), "ended_at": START + timedelta(seconds=3), **own}
        for own in given or ({},)
    ]  # fmt: skip
    schema = schema_of("installs")
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def causes(blocked, *tries, runs=()):
    return explain_tries(installs(*tries), [*runs, *read_blocks(blocked)])["cause"].to_list()


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (
            surface(),
            'the attack surface reduction rule of Defender "Block executable files from running unless they '
            f'meet a prevalence, age, or trusted list criterion" ({RULE.lower()}) blocked driver.exe, '
            "started by setup.exe (event 1121)",
        ),
        (
            event(
                INTEGRITY,
                3077,
                File_Name=rf"{FOLDER}\Setup.exe",
                Process_Name=AGENT,
                PolicyName="Example policy",
            ),
            "the App Control (WDAC) policy Example policy blocked Setup.exe, started by AgentExecutor.exe "
            "(event 3077)",
        ),
        (
            event(LOCKER, 8004, RuleAndFileData={"PolicyName": "EXE", "FilePath": rf"{FOLDER}\SETUP.EXE"}),
            "AppLocker, by its rules for EXE blocked SETUP.EXE (event 8004)",
        ),
        (
            event(DEFENDER, 1123, Path=r"C:\Users\example\Documents", Process_Name=rf"{FOLDER}\setup.exe"),
            "controlled folder access of Defender blocked setup.exe, at Documents (event 1123)",
        ),
        (
            event(
                DEFENDER, 1117, Threat_Name="Example/Test", Path=rf"file:_{FOLDER}\setup.exe", Action_ID="2"
            ),
            "Defender Antivirus, by its detection Example/Test blocked setup.exe (event 1117)",
        ),
    ],
)
def test_who_blocked_which_file_is_said_in_one_line(record, words):
    (run,) = read_blocks(events(record))
    assert (run.cause, run.app, run.family) == (words, APP, "block")


@pytest.mark.parametrize(
    "record",
    [
        surface(1122),
        event(INTEGRITY, 3076, File_Name=rf"{FOLDER}\setup.exe", Process_Name=AGENT),
        event(LOCKER, 8003, FilePath=rf"{FOLDER}\SETUP.EXE"),
        event(DEFENDER, 1117, Threat_Name="Example/Test", Path=rf"{FOLDER}\setup.exe", Action_ID="6"),
        event("Example-Provider", 1121, ID=RULE, Path=rf"{FOLDER}\driver.exe"),
        surface(path=r"C:\Users\example\tool.exe", process=r"C:\Windows\explorer.exe"),
    ],
    ids=["audit rule", "audit policy", "audit AppLocker", "allowed", "another provider", "a user's program"],
)
def test_what_was_audited_or_allowed_or_is_no_installer_blocks_no_app(record):
    assert read_blocks(events(record)) == []


def test_a_file_in_the_folder_of_an_app_explains_the_try_it_was_blocked_in():
    assert causes(events(surface()))[0].startswith("the attack surface reduction rule")


@pytest.mark.parametrize(
    ("record", "tries"),
    [
        (surface(second=3600), [{}]),
        (surface(), [{"item": OTHER}]),
        (surface(), [{"outcome": "succeeded", "exit_code": 0}]),
    ],
    ids=["an hour later", "another app", "a try that ended well"],
)
def test_a_block_of_another_time_or_app_explains_nothing(record, tries):
    assert causes(events(record), *tries) == [None]


@pytest.mark.parametrize(
    ("second", "tied"),
    [(-60, True), (3, True), (-61, False), (4, False)],
    ids=["first", "last", "before", "after"],
)
def test_what_windows_installer_runs_elsewhere_must_lie_within_the_only_try(second, tied):
    record = surface(
        second=second, path=r"C:\Windows\Installer\MSI12.tmp", process=r"C:\Windows\System32\msiexec.exe"
    )
    assert (causes(events(record))[0] is not None) is tied
    two = causes(events(record), {}, {"item": OTHER})
    assert two == [None, None]


def test_what_was_blocked_comes_before_what_the_installer_wrote_of_it():
    assert causes(events(surface()), runs=[LOG])[0].startswith("the attack surface reduction rule")


def test_a_block_by_time_alone_stands_beside_a_log_that_names_the_app():
    record = surface(path=r"C:\Windows\Installer\MSI12.tmp", process=r"C:\Windows\System32\msiexec.exe")
    assert causes(events(record), runs=[LOG])[0].startswith("the attack surface reduction rule")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (
            unstarted(),
            "the missing component Microsoft.VC90.CRT 9.0.30729.6161 (x86), the Visual C++ 2008 runtime, "
            "ended setup.exe at its start (SideBySide, event 33)",
        ),
        (
            unstarted(35, (OWN_CRT, "", CRT, "", rf"{FOLDER}\setup.exe.manifest", "3", SETUP)),
            "the other version of the component Example.Runtime 1.2.3.4 (amd64) ended setup.exe at its start "
            "(SideBySide, event 35)",
        ),
        (
            unstarted(59, (SETUP, rf"{FOLDER}\setup.exe.config", "2")),
            "the unreadable manifest setup.exe.config ended setup.exe at its start (SideBySide, event 59)",
        ),
    ],
)
def test_what_a_program_lacked_at_its_start_is_said_in_one_line(record, words):
    (run,) = read_blocks(events(record))
    assert (run.cause, run.app, run.family, run.exit_code) == (words, APP, "unstarted", 14001)


@pytest.mark.parametrize(
    ("record", "tries", "runs", "tied"),
    [
        (unstarted(), [{}], (), True),
        (unstarted(values=(CRT, ELSEWHERE)), [{"exit_code": 14001}], (), True),
        (unstarted(values=(CRT, ELSEWHERE)), [{}], (SAYS,), True),
        (unstarted(values=(CRT, ELSEWHERE)), [{}], (), False),
        (unstarted(values=(CRT, ELSEWHERE)), [{}], (LOG,), False),
        (unstarted(values=(CRT, ELSEWHERE), second=4), [{}], (SAYS,), False),
        (unstarted(values=(CRT, ELSEWHERE)), [{}, {"item": OTHER}], (SAYS,), False),
        (unstarted(second=3600), [{}], (), False),
        (unstarted(), [{"item": OTHER}], (), False),
        (unstarted(34), [{}], (), False),
    ],
    ids=[
        "its folder", "its exit code", "its own log says so", "nothing says so", "its log says another thing",
        "behind the try", "beside another app", "an hour later", "another app's folder", "another record",
    ],
)  # fmt: skip
def test_what_could_not_start_is_tied_by_folder_exit_code_or_the_log_s_own_word(record, tries, runs, tied):
    found = causes(events(record), *tries, runs=runs)[0] or ""
    assert found.startswith("the missing component") is tied

"""The executor's log: a call runs from its start to its exit, whatever stands between."""

import pytest

from autopilot_analysis.trace.installs.agent.executor import read_executor_runs

POLICY = "33333333-aaaa-4bbb-8ccc-000000000001"
USER = "22222222-aaaa-4bbb-8ccc-000000000009"
HEALTH = rf"C:\Windows\IMECache\HealthScripts\{POLICY}_3"
SCRIPTS = (
    rf"C:\Program Files (x86)\Microsoft Intune Management Extension\Policies\Scripts\{USER}_{POLICY}.ps1"
)


def begun(second, option, path, process=7):
    return [
        (second, "ExecutorLog AgentExecutor gets invoked"),
        (second, f"Adding argument {option} with value {path} to the named argument list."),
        (second, f"[Executor] created powershell with process id {process}"),
    ]


def ended(second, code=0):
    return [(second, f"Powershell exit code is {code}")]


@pytest.fixture
def runs(ordered):
    def read(*records):
        return read_executor_runs(ordered(*records, member="AgentExecutor.log"))

    return read


def detection(second):
    return begun(second, "remediationScript", rf"{HEALTH}\detect.ps1")


def fix(second):
    return begun(second, "remediationScript", rf"{HEALTH}\remediate.ps1")


def test_a_call_runs_from_its_start_to_its_exit(runs):
    (run,) = runs(*begun(0, "powershell", SCRIPTS), *ended(9, 1))
    (call,) = run.calls
    assert (run.family, run.item, call.exit_code, call.process, call.whole()) == (
        "script",
        POLICY,
        1,
        "7",
        True,
    )
    assert (call.until - call.moment).total_seconds() == 9


def test_detection_fix_and_detection_of_one_remediation_are_one_run(runs):
    (run,) = runs(*detection(0), *ended(5, 1), *fix(6), *ended(9), *detection(10), *ended(12))
    assert [(call.part, call.exit_code) for call in run.calls] == [("pre", 1), ("remediate", 0), ("post", 0)]


@pytest.mark.parametrize(("pause", "count"), [(300, 1), (301, 2)])
def test_the_next_part_of_a_remediation_begins_within_five_minutes(runs, pause, count):
    assert len(runs(*detection(0), *ended(5, 1), *fix(5 + pause), *ended(5 + pause + 2))) == count


def test_detection_after_detection_is_another_run(runs):
    assert len(runs(*detection(0), *ended(5), *detection(60), *ended(65))) == 2


def test_an_exit_while_calls_of_two_families_are_open_belongs_to_neither_for_sure(runs):
    first, second = runs(*begun(0, "powershell", SCRIPTS), *detection(1), *ended(9), *ended(12))
    assert [call.shared for call in (*first.calls, *second.calls)] == [True, True]


def test_a_call_whose_exit_was_never_written_ends_with_the_next_of_its_family(runs):
    first, second = runs(*begun(0, "powershell", SCRIPTS), *begun(60, "powershell", SCRIPTS), *ended(70))
    assert (first.calls[0].ended, second.calls[0].exit_code, second.calls[0].shared) == (None, 0, False)


@pytest.mark.parametrize(
    ("lines", "host"),
    [
        (["runAs32BitOn64 = True"], "32 bits"),
        (["runAs32BitOn64 = False, so Disable Wow64FsRedirection"], "64 bits"),
        (["runAs32BitOn64 = True", r"PowerShell path is C:\Windows\System32\powershell.exe"], "32 bits"),
        ([r"PowerShell path is C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"], None),
        ([], None),
    ],
)
def test_the_flag_says_which_powershell_ran_and_a_path_does_not(runs, lines, host):
    (run,) = runs(*begun(0, "powershell", SCRIPTS), *((1, line) for line in lines), *ended(9, 1))
    assert run.calls[0].host == host


@pytest.mark.parametrize(
    ("lines", "policy"),
    [
        (
            ['cmd line for running powershell is -NoProfile -executionPolicy allsigned -file  "a.ps1"'],
            "allsigned",
        ),
        (['cmd line for running powershell is -NoProfile -executionPolicy Bypass -file  "a.ps1"'], "bypass"),
        (['cmd line for running powershell is -NoProfile -file  "-executionPolicy.ps1"'], None),
        ([], None),
    ],
)
def test_the_command_line_says_which_policy_the_agent_asks_for(runs, lines, policy):
    (run,) = runs(*begun(0, "powershell", SCRIPTS), *((1, line) for line in lines), *ended(9, 1))
    assert run.calls[0].policy == policy

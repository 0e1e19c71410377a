"""The agent's own logs: it calls a script, waits, and says what came of it."""

import pytest

from autopilot_analysis.trace.installs.agent.callers import UNNAMED_SCRIPT, read_caller_runs

POLICY = "33333333-aaaa-4bbb-8ccc-000000000001"
OTHER = "33333333-aaaa-4bbb-8ccc-000000000002"
USER = "22222222-aaaa-4bbb-8ccc-000000000009"
AGENT = r'"C:\Program Files (x86)\Microsoft Intune Management Extension'


def processing(policy=POLICY):
    return f"[PowerShell] Processing policy with id = {policy} for user {USER}"


def result(state, policy=POLICY):
    return f"[PowerShell] User Id = {USER}, Policy id = {policy}, policy result = {state}"


def remediation(number=6):
    return f"[HS] ProcessScript PolicyId: {POLICY} PolicyType: {number}"


def part(name):
    script = rf"C:\WINDOWS\IMECache\HealthScripts\{POLICY}_1\{name}.ps1"
    return rf'{AGENT}\agentexecutor.exe"  -remediationScript  ""{script}""'


def verdict(when, state):
    return f"[HS] the {when}-remdiation detection script compliance result for {POLICY} is {state}"


@pytest.fixture
def runs(ordered):
    return lambda member, *texts: read_caller_runs(ordered(*enumerate(texts), member=f"{member}.log"))


def test_a_script_runs_from_its_policy_to_its_result(runs):
    (run,) = runs("IntuneManagementExtension", processing(), result("Failed"))
    assert (run.family, run.item, run.user, run.result) == ("script", POLICY, USER, "Failed")


def test_a_policy_named_again_before_an_end_is_the_same_run_and_after_a_restart_another(runs):
    agent = "IntuneManagementExtension"
    assert len(runs(agent, processing(), processing(), result("Success"))) == 1
    assert len(runs(agent, processing(), result("Success"), processing())) == 2


def test_a_result_of_a_policy_whose_beginning_is_lost_is_a_run_of_its_own(runs):
    first, lost = runs("IntuneManagementExtension", processing(), result("Success", OTHER))
    assert [(run.item, run.result) for run in (first, lost)] == [(POLICY, None), (OTHER, "Success")]


def test_detection_before_and_after_the_fix_are_told_apart_by_their_order(runs):
    texts = [
        remediation(),
        part("detect"),
        verdict("pre", "False"),
        part("remediate"),
        part("detect"),
        verdict("post", "True"),
    ]
    (run,) = runs("HealthScripts", *texts)
    assert [call.part for call in run.calls] == ["pre", "remediate", "post"]
    assert (run.compliant_before, run.compliant_after) == (False, True)


@pytest.mark.parametrize(("number", "kind"), [(6, "remediation"), (8, "compliance"), (7, "remediation")])
def test_the_agents_number_tells_a_remediation_from_custom_compliance(runs, number, kind):
    (run,) = runs("HealthScripts", remediation(number))
    assert run.kind == kind


def test_a_report_ends_a_remediation_and_the_next_verdict_is_of_another(runs):
    report = f'[HS] new result = {{"PolicyId":"{POLICY}","RemediationStatus":4}}'
    first, second = runs("HealthScripts", remediation(), report, verdict("pre", "True"))
    assert first.report == f'{{"PolicyId":"{POLICY}","RemediationStatus":4}}'
    assert (second.report, second.compliant_before) == (None, True)


def test_the_executors_own_log_is_left_to_its_reader(runs):
    assert runs("AgentExecutor", processing(), result("Success")) == []


EXIT_1 = "Powershell execution is done, exitCode = 1"
ERROR = "[HS] err output = The example is not there."


def test_an_exit_and_its_error_text_without_a_policy_are_a_failed_script_of_no_name(runs):
    (run,) = runs("HealthScripts", EXIT_1, ERROR)
    assert (run.family, run.item) == ("script", UNNAMED_SCRIPT)
    assert [(call.exit_code, call.error) for call in run.calls] == [(1, "The example is not there.")]


@pytest.mark.parametrize(
    "texts",
    [
        (EXIT_1.replace("1", "0"), ERROR),
        (EXIT_1, "[HS] err output = "),
        (EXIT_1,),
        (ERROR,),
    ],
)
def test_neither_an_exit_nor_an_error_text_alone_is_a_run_without_a_policy(runs, texts):
    assert runs("HealthScripts", *texts) == []


def test_a_policy_that_is_learnt_later_keeps_its_run(runs):
    (run,) = runs("HealthScripts", EXIT_1, ERROR, verdict("pre", "False"))
    assert (run.family, run.item) == ("remediation", POLICY)

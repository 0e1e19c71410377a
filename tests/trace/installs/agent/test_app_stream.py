"""Whose line it is, and what an app's lines decide; every id, name and time here is made up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.agent.apps import END_UNREAD
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
APP = "11111111-2222-4333-8444-555555555555"
OTHER = "22222222-2222-4333-8444-555555555555"
NOBODY = "00000000-0000-0000-0000-000000000000"


def log_lines(*records, member="AppWorkload.log"):
    """Records as (seconds, message, thread), the thread optional, of one log."""
    schema = schema_of("log_lines")
    rows = []
    for n, (at, message, *thread) in enumerate(records, 1):
        moment = START + timedelta(seconds=at)
        row = {"device": "D", "member": member, "record": n, "clock": "device_zone", "message": message}
        row |= {"at": moment, "written_at": moment.replace(tzinfo=None), "thread": (*thread, 7)[0]}
        rows.append({name: row.get(name) for name in schema})
    return pl.DataFrame(rows, schema=schema)


def read(*records, member="AppWorkload.log"):
    return read_installs_from_log(log_lines(*records, member=member))


def policies(intent, app=APP):
    return f'Get policies = [{{"Id":"{app}","Name":"Sample Viewer","Version":1,"Intent":{intent}}}]'


def subgraph(*apps):
    return f"[Win32App][V3Processor] Processing subgraph with app ids: {', '.join(apps)}"


def detection(state, app=APP):
    return (
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {app} "
        f"resulted in action status: Success and detection state: {state}."
    )


def execution(before, after, app=APP, code=None):
    tail = f',"EnforcementErrorCode":{{"OldValue":0,"NewValue":{code}}}' if code else ""
    return (
        f"[Win32App][ReportingManager] Execution state for app with id: {app} has been updated. Report "
        f'delta: {{"EnforcementState":{{"OldValue":"{before}","NewValue":"{after}"}}{tail}}}'
    )


def handler(kind="Install", app=APP):
    return (
        f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: {kind} "
        f"for policy with id: {app} and version: 1."
    )


LAUNCH = "[Win32App] Launch Win32AppInstaller in machine session"
DONE = "[Win32App] Installation is done, collecting result"


def ended(code, word):
    return f"[Win32App] lpExitCode {code}", f"[Win32App] lpExitCode is defined as {word}"


def uninstall(found, final):
    return [
        (0, policies(4)),
        (1, subgraph(APP)),
        (2, detection("Detected")),
        (3, handler("Uninstall")),
        (4, LAUNCH),
        (20, DONE),
        *((20, text) for text in ended(0, "Success")),
        (21, detection(found)),
        (22, execution("InProgress", final)),
    ]


def test_an_app_that_is_gone_after_its_uninstaller_succeeded():
    row = read(*uninstall("NotDetected", "Success")).row(0, named=True)
    assert (row["outcome"], row["detected"], row["name"]) == ("succeeded", False, "Sample Viewer")
    assert '"action": "uninstall"' in row["detail"]


def test_an_app_that_is_still_there_after_its_uninstaller_did_not_succeed():
    row = read(*uninstall("Detected", "Error")).row(0, named=True)
    assert (row["outcome"], row["detected"]) == ("not_detected", True)
    assert row["reason"] == "uninstaller succeeded, detection still finds the app"


def test_an_app_that_need_not_be_removed_has_no_row_but_its_name():
    assert read((0, policies(4)), (1, subgraph(APP))).is_empty()
    named = read(
        (0, policies(1)), (1, subgraph(APP)), *((t + 2, m) for t, m in uninstall("Detected", "Error"))
    )
    assert named["name"].to_list() == ["Sample Viewer"]


def test_an_exit_belongs_to_the_installer_that_runs_on_its_thread():
    rows = read(
        (0, subgraph(APP)),
        (1, handler(), 7),
        (2, LAUNCH, 7),
        (
            5,
            f"[Win32App][DownloadActionHandler] Handler invoked for policy with id: {OTHER} and version: 1",
            22,
        ),
        (30, DONE, 7),
        *((30, text, 7) for text in ended(0, "Success")),
        (31, handler(app=OTHER), 22),
        (32, LAUNCH, 22),
        (33, detection("Detected"), 7),
        (33, execution("InProgress", "Success"), 7),
        (50, DONE, 22),
        *((50, text, 22) for text in ended(1603, "Failed")),
        (51, execution("InProgress", "Error", app=OTHER), 22),
    ).sort("item")
    assert rows.select("item", "outcome", "exit_code", "detected").rows() == [
        (APP, "succeeded", 0, True),
        (OTHER, "failed", 1603, None),
    ]
    assert (rows["ended_at"] - START).dt.total_seconds().to_list() == [30, 50]


def test_an_installer_that_was_judged_leaves_its_thread_to_the_next_app():
    rows = read(
        (0, subgraph(APP, OTHER)),
        (1, handler(), 7),
        (9, DONE, 7),
        *((9, text, 7) for text in ended(0, "Success")),
        (10, execution("InProgress", "Success"), 14),
        (11, handler(app=OTHER), 14),
        (20, DONE, 7),
        *((20, text, 7) for text in ended(1603, "Failed")),
    ).sort("item")
    assert rows.select("item", "exit_code").rows() == [(APP, 0), (OTHER, 1603)]


def test_a_log_that_begins_at_an_exit_tells_it_of_the_app_looked_for_next():
    row = read(
        *((0, text) for text in ended(0, "Success")),
        (1, detection("Detected")),
        (1, execution("InProgressDownloadCompleted", "Success")),
    ).row(0, named=True)
    assert (row["item"], row["started_at"], row["exit_code"]) == (APP, None, 0)
    assert (row["outcome"], row["detected"]) == ("succeeded", True)


def test_a_verdict_alone_is_a_try_only_where_something_was_in_progress():
    assert read((0, execution("InProgress", "Success")))["outcome"].to_list() == ["succeeded"]
    assert read((0, execution("Error", "Success"))).is_empty()


def test_what_detection_says_after_a_restart_counts_for_the_try_before_it():
    begun = [(0, subgraph(APP)), (1, handler()), (2, LAUNCH), (9, DONE)]
    begun += [(9, text) for text in ended(1641, "HardReboot")]
    for said, outcome in (("Detected", "succeeded"), ("NotDetected", "not_detected")):
        row = read(*begun, (200, subgraph(APP)), (201, detection(said))).row(0, named=True)
        assert (row["outcome"], row["detected"]) == (outcome, said == "Detected")


def test_a_failed_try_is_not_found_by_what_came_much_later():
    begun = [(0, subgraph(APP)), (1, handler()), (2, LAUNCH), (9, DONE)]
    begun += [(9, text) for text in ended(1603, "Failed")]
    row = read(*begun, (90000, subgraph(APP)), (90001, detection("Detected"))).row(0, named=True)
    assert (row["outcome"], row["detected"]) == ("failed", None)


def test_a_success_taken_back_with_the_code_for_not_detected_is_that():
    row = read(
        (0, subgraph(APP)),
        (1, handler()),
        (9, DONE),
        *((9, text) for text in ended(0, "Success")),
        (10, execution("InProgress", "Success")),
        (11, execution("Success", "Error", code=-2016345060)),
    ).row(0, named=True)
    assert (row["outcome"], row["code"]) == ("not_detected", "0x87D1041C")


@pytest.mark.parametrize(
    ("said", "why"), [("Timeout", "content download timed out"), ("Failed", "content download failed")]
)
def test_a_download_that_did_not_end_well_says_why(said, why):
    row = read(
        (0, subgraph(APP)),
        (1, f"[Win32App][DownloadActionHandler] Handler invoked for policy with id: {APP} and version: 1"),
        (600, f"[Win32App][DownloadActionHandler] Handler completed with action status: {said}."),
    ).row(0, named=True)
    assert (row["outcome"], row["reason"]) == ("failed", why)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("All apps in the subgraph are not applicable due to assignment filters.", "assignment filter"),
        (
            "All of the apps in the subgraph require user-context processing, and the target user is not "
            "logged in. Skipping processing.",
            "needs a user to be signed in",
        ),
    ],
)
def test_what_lets_a_subgraph_be_lets_each_of_its_apps_be(line, why):
    rows = read((0, subgraph(APP, OTHER)), (1, f"[Win32App][V3Processor] {line}")).sort("item")
    assert rows.select("item", "outcome", "reason").rows() == [
        (APP, "skipped", why),
        (OTHER, "skipped", why),
    ]


def test_an_app_of_the_user_waits_for_one_and_is_no_skip_once_it_was_tried():
    held = (
        f"[Win32Apps] App policy with id: {APP} will not be evaluated as it has user install context and "
        f"this is a userless check-in. The app will be reported as not applicable."
    )
    assert read((0, held)).select("outcome", "reason").rows() == [("skipped", "needs a user to be signed in")]
    tried = read((0, held), (60, subgraph(APP)), (61, handler()), (70, DONE))
    assert tried["outcome"].to_list() == ["unknown"]


def test_a_required_app_is_known_from_its_plan_where_its_policy_is_lost():
    plan = (
        "[Win32App][ActionProcessor] App with id: {app}, targeted intent: {intent}, and enforceability: "
        "Enforceable has projected enforcement classification: EnforcementPoint with desired state: "
        "Present. Current state is:\nDetection = NotDetected"
    )
    rows = read(
        (0, plan.format(app=APP, intent="RequiredInstall")),
        (1, plan.format(app=OTHER, intent="AvailableInstall")),
        member="AppActionProcessor.log",
    )
    assert rows.select("item", "outcome", "reason").rows() == [
        (APP, "unknown", "the log of installs is not in the export")
    ]
    assert rows["required_at"].to_list() == [START]


def test_an_app_that_never_began_for_an_absent_dependency_says_so():
    report = (
        f"[Win32App][ReportingManager] Sending status to company portal based on report: "
        f'{{"ApplicationId":"{APP}","ResultantAppState":3,"ReportingImpact":{{"DesiredState":3,'
        f'"Classification":1,"ConflictReason":%s,"ImpactingApps":[{{"AppId":"{OTHER}"}}]}}}}'
    )
    held = read((0, policies(3)), (1, subgraph(APP, OTHER)), (2, report % 2))
    assert held.select("item", "outcome", "reason").rows() == [
        (APP, "never_started", "dependency not set to install by itself")
    ]
    rest = read((0, policies(3)), (2, report % 0))
    assert rest.select("outcome", "reason").rows() == [("unknown", "its turn is not in the log")]


def test_an_agent_of_2020_downloads_from_the_cdn_and_tells_the_result_by_name():
    row = read(
        (0, f"[Win32App] Processing app (id={APP}, name = Sample Viewer) with mode = DetectInstall"),
        (1, "[Win32App] current ESP phase DeviceSetup"),
        (
            2,
            f"[StatusService] Downloading app (id = {APP}, name Sample Viewer) via CDN, bytes 8/90 "
            f"for user {NOBODY}",
        ),
        (12, "[Win32App] CDN mode, download completes."),
        (13, "[Win32App] ===Step=== Execute retry 0"),
        (14, LAUNCH),
        (25, DONE),
        *((25, text) for text in ended(0, "Success")),
        (30, f"[Win32App] Post processed result for ({APP},Sample Viewer) is Success"),
        member="IntuneManagementExtension.log",
    ).row(0, named=True)
    assert (row["outcome"], row["phase"], row["name"]) == ("succeeded", "device", "Sample Viewer")
    times = [(row[name] - START).total_seconds() for name in ("download_ended_at", "started_at", "ended_at")]
    assert times == [12, 13, 25]


def test_a_script_that_ran_into_its_time_limit_says_so_and_has_no_code():
    begun = log_lines(
        (0, f"[PowerShell] Processing policy with id = {APP} for user {NOBODY}"),
        (1800, "Powershell execution is done, exitCode = 2147483647"),
        (1801, f"[PowerShell] User Id = {NOBODY}, Policy id = {APP}, policy result = Failed"),
        member="IntuneManagementExtension.log",
    )
    path = (
        rf"C:\Program Files (x86)\Microsoft Intune Management Extension\Policies\Scripts\{NOBODY}_{APP}.ps1"
    )
    executor = log_lines(
        (1, "ExecutorLog AgentExecutor gets invoked"),
        (1, f"Adding argument powershell with value {path} to the named argument list."),
        (1799, "Error:Powershell script execution timed out. timeout = 1800 seconds"),
        member="AgentExecutor.log",
    )
    row = read_installs_from_log(pl.concat([begun, executor])).row(0, named=True)
    assert (row["outcome"], row["reason"]) == ("failed", "the script ran into its time limit")
    assert (row["exit_code"], row["code"]) == (2147483647, None)


def test_an_app_given_up_for_a_dependency_is_another_try_only_in_another_pass():
    begun = [(0, policies(3)), (1, subgraph(APP)), (2, handler())]
    given_up = execution("InProgress", "FailedDependency")
    once = read(*begun, (3, given_up))
    again = read(*begun, (3, given_up), (900, subgraph(APP)), (901, given_up))
    assert once.select("outcome", "reason").rows() == [("failed", "dependency failed")]
    assert again.select("outcome", "reason").rows() == [("failed", "dependency failed")] * 2


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (60008, "in PSAppDeployToolkit: nobody is signed in to start a process as"),
        (69_000, "in PSAppDeployToolkit: a number of the package's own script"),
        (79_999, "in PSAppDeployToolkit: a number of the package's own script"),
        (68_999, None),
        (80_000, None),
    ],
)
def test_a_code_of_a_wrapper_is_told_in_its_words(code, reason):
    texts = ended(code, "Failed")
    rows = read((0, subgraph(APP)), (1, handler()), (2, LAUNCH), (9, DONE), *((9, text) for text in texts))
    assert rows.select("exit_code", "outcome", "reason").rows() == [(code, "failed", reason)]


PROCESS = "[Win32App] process id = 2728"
LIMIT = "[Win32App] Installer process timeout milliseconds: 3600000."
BACK = "[Win32App] lastWin32Error 0 after WaitForSingleObject"
RUNNING, ENDED = ("unfinished", "still running where the log ends"), ("unknown", END_UNREAD)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([(0, LAUNCH), (1, PROCESS), (1, LIMIT), (2701, BACK)], ENDED),
        ([(0, LAUNCH), (1, PROCESS), (1, LIMIT), (2701, BACK), (2701, DONE)], ENDED),
        ([(0, LAUNCH), (1, PROCESS), (1, LIMIT), (2701, DONE)], ENDED),
        ([(0, LAUNCH), (1, PROCESS)], RUNNING),
        ([(0, LAUNCH), (1, PROCESS), (1, LIMIT)], RUNNING),
        ([(0, LAUNCH), (1, PROCESS), (1, LIMIT), (3601, BACK)], RUNNING),
        ([(0, LAUNCH), (1, PROCESS), (2701, BACK)], RUNNING),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_a_wait_that_is_over_before_its_limit_shows_that_the_installer_ended(lines, said, named):
    before = [(0, subgraph(APP)), (0, handler())] if named else []
    row = read(*before, *lines).row(0, named=True)
    assert (row["outcome"], row["reason"]) == said
    assert (row["ended_at"] is not None) is (said == ENDED)


def test_an_exit_code_behind_the_wait_decides():
    lines = [(0, LAUNCH), (1, LIMIT), (9, BACK), (9, DONE), *((9, text) for text in ended(1603, "Failed"))]
    row = read((0, subgraph(APP)), (0, handler()), *lines).row(0, named=True)
    assert (row["outcome"], row["exit_code"]) == ("failed", 1603)

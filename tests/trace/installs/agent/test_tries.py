"""Installs as the agent's logs tell them: apps with their names and kinds, scripts beside them."""

import json

import pytest

from autopilot_analysis.tables import Install
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log
from autopilot_analysis.trace.installs.rows import no_rows

APP = "11111111-2222-4333-8444-555555555555"
NOTE = "[Win32App][V3Processor] Processing subgraph with app ids: "


@pytest.fixture
def installs(rows):
    def read(*texts, member="AppWorkload.log"):
        lines = [{"message": text, "member": member, "clock": "unknown"} for text in texts]
        return read_installs_from_log(rows("log_lines", *lines))

    return read


def policies(**more):
    app = {"Id": APP, "Name": "Sample Viewer", "Version": 2, "Intent": 3} | more
    return f"Get policies = [{json.dumps(app)}]"


def handler():
    text = (
        "[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install for policy with id: "
    )
    return f"{text}{APP} and version: 1."


def test_lines_that_tell_of_no_install_give_typed_rows_without_any(installs):
    assert installs("nothing of the kind", member="setup.log").equals(no_rows())


def test_an_app_takes_name_version_and_account_from_its_policy(installs):
    (row,) = installs(policies(InstallEx='{"RunAs": 1}'), NOTE + APP, handler()).iter_rows(named=True)
    assert (row["name"], row["kind"], row["version"], row["context"]) == (
        "Sample Viewer",
        "win32",
        "1",
        "system",
    )
    assert (row["outcome"], row["try_number"]) == ("unfinished", 1)


STAGED = r"[Win32App] SetCurrentDirectory: C:\Windows\IMECache\{}_{}"
DONE = ["[Win32App] Installation is done, collecting result", "[Win32App] lpExitCode 0"]
RULES = [[{"DetectionType": 1, "DetectionText": name}] for name in ("one", "other")]


def test_each_try_is_of_the_version_and_the_rule_that_held_then(installs):
    old, new = (policies(Version=n + 2, DetectionRule=json.dumps(rule)) for n, rule in enumerate(RULES))
    begun = handler().removesuffix(" and version: 1.")
    tried = [NOTE + APP, begun, STAGED.format(APP, 2), *DONE]
    later = [NOTE + APP, begun, STAGED.format(APP, 3), *DONE]
    rows = installs(old, *tried, new, *later)
    assert rows["version"].to_list() == ["2", "3"]
    assert rows["detection_rule"].n_unique() == 2
    unstaged = installs(old, *tried, new, NOTE + APP, begun, *DONE)
    assert unstaged["version"].to_list() == ["2", "3"]


def test_a_policy_that_came_after_the_only_try_still_tells_its_version(installs):
    begun = handler().removesuffix(" and version: 1.")
    (row,) = installs(NOTE + APP, begun, *DONE, policies()).iter_rows(named=True)
    assert row["version"] == "2"


TRACKED = "[Win32App][EspHelper] DEVICE: got trackingApp Win32App_{}_{}, install: 1, reboot: "


def test_the_key_by_which_the_page_tracks_an_app_tells_its_version(installs):
    begun = handler().removesuffix(" and version: 1.")
    (row,) = installs(TRACKED.format(APP, 4), NOTE + APP, begun, *DONE).iter_rows(named=True)
    assert row["version"] == "4"


def test_what_an_app_depends_on_stands_in_its_detail(installs):
    links = [{"AppId": APP, "ChildId": "22222222-2222-4333-8444-555555555555", "Action": 10}]
    (row,) = installs(policies(FlatDependencies=links), NOTE + APP, handler()).iter_rows(named=True)
    assert json.loads(row["detail"])["links"][0]["action"] == 10


def test_an_app_that_carries_its_own_installer_data_is_one_of_the_store(installs):
    (row,) = installs(policies(InstallerData='{"PackageIdentifier": "X"}'), NOTE + APP, handler()).iter_rows(
        named=True
    )
    assert row["kind"] == "winget"


def test_rows_have_the_columns_of_the_table(installs):
    assert installs(policies(), NOTE + APP, handler()).schema == Install.create_empty().schema


HANDLER = (
    "[Win32App][{}ActionHandler] {} for policy with id: {} resulted in action status: {} and {} state: {}."
)
TO_ERROR = (
    "[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application "
    f"{APP} with name: Sample Viewer"
)
NEVER_DETECTED = HANDLER.format("Detection", "Detection", APP, "Failed", "detection", "NotComputed")
NEVER_JUDGED = HANDLER.format(
    "Applicability", "Applicability check", APP, "Failed", "applicability", "NotComputed"
)
LOOKED = HANDLER.format("Detection", "Detection", APP, "Success", "detection", "{}")


@pytest.mark.parametrize("member", ["AppWorkload.log", "IntuneManagementExtension.log"])
@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([NEVER_DETECTED, TO_ERROR], "the agent could not compute its detection"),
        ([NEVER_JUDGED, TO_ERROR], "the agent could not compute whether it applies"),
        ([LOOKED.format("Detected"), NEVER_DETECTED, TO_ERROR], "the agent could not compute its detection"),
        ([LOOKED.format("NotDetected"), TO_ERROR], "only the status page's own list tells"),
        ([NEVER_DETECTED, LOOKED.format("NotDetected"), TO_ERROR], "only the status page's own list tells"),
    ],
)
def test_an_app_marked_as_failed_before_any_installer_says_what_was_asked_last(
    installs, lines, reason, member
):
    (row,) = installs(NOTE + APP, *lines, member=member).iter_rows(named=True)
    assert (row["outcome"], row["reason"], row["started_at"]) == ("failed", reason, None)


def test_an_answer_that_was_not_computed_and_came_later_is_no_failure(installs):
    (row,) = installs(NOTE + APP, NEVER_DETECTED, LOOKED.format("Detected")).iter_rows(named=True)
    assert (row["outcome"], row["reason"]) == ("skipped", "already installed")


EXITED = ["[Win32App] Installation is done, collecting result", "[Win32App] lpExitCode 1"]
FOUND_SINCE = TO_ERROR.replace("from InProgress to Error", "from Error to Completed")


@pytest.mark.parametrize(
    ("told", "outcome"),
    [(FOUND_SINCE, "failed"), (FOUND_SINCE.replace("from Error", "from InProgress"), "succeeded")],
)
def test_what_the_page_hears_of_an_app_after_its_error_mends_no_try(installs, told, outcome):
    (row,) = installs(policies(), NOTE + APP, handler(), *EXITED, TO_ERROR, told).iter_rows(named=True)
    assert (row["outcome"], row["exit_code"]) == (outcome, 1)


ASKED = "[Win32App] Not in ESP processing. EspPhase: NotInEsp, sender: {}"
BEHAVIOR = "[Win32App] ===Step=== InstallBehavior RegularWin32App, Intent {}, UninstallCommandLine "


@pytest.mark.parametrize(
    ("lines", "offered"),
    [
        ([policies(Intent=1)], True),
        ([policies(Intent=3)], None),
        ([policies(Intent=1), policies(Intent=3)], None),
        ([ASKED.format("AvailableAppRequest")], True),
        ([ASKED.format("AvailableAppRequest"), policies(Intent=3)], None),
        ([ASKED.format("AvailableAppRequest"), ASKED.format("")], None),
        ([ASKED.format("")], None),
        ([], None),
    ],
)
def test_an_app_that_is_offered_alone_is_marked(installs, lines, offered):
    (row,) = installs(*lines, NOTE + APP, handler()).iter_rows(named=True)
    assert json.loads(row["detail"] or "{}").get("offered") is offered


@pytest.mark.parametrize(("intent", "offered"), [(1, True), (3, None)])
def test_the_line_of_the_installer_tells_whether_its_app_is_offered_alone(installs, intent, offered):
    (row,) = installs(NOTE + APP, handler(), BEHAVIOR.format(intent)).iter_rows(named=True)
    assert json.loads(row["detail"] or "{}").get("offered") is offered

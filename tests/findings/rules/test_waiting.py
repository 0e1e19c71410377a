"""What the status page waited for: a provider that never came, an installer that was busy."""

import pytest
from findings.rule_worlds import BY_OTHERS, ENROLLMENT, NEVER_DONE, USER_TIMED, looked

from autopilot_analysis.findings import find

TRACKING = r"HKEY_LOCAL_MACHINE\software\microsoft\windows\autopilot\EnrollmentStatusTracking"


def provider(name, scope="Device"):
    return (rf"{TRACKING}\{scope}\DevicePreparation\PolicyProviders\{name}", "InstallationState", "1")


@pytest.mark.parametrize(
    ("registry", "items"),
    [
        ([provider("ConfigMgr")], ["only ConfigMgr did"]),
        ([provider("ConfigMgr"), provider("Sidecar")], []),
        ([provider("ConfigMgr"), provider("Sidecar", "S-1-5-21-1-2-3-4")], ["only ConfigMgr did"]),
        ([], []),
    ],
)
def test_the_agent_did_not_register_where_others_did(proofs, failure, registry, items):
    rows = proofs("ESP-PROVIDER-MISSING", **failure("device_setup"), registry=registry)
    assert rows["item"].to_list() == items


IDENTIFYING = '{"DeviceSetup.AppsSubcategory":"Apps (Identifying)","categoryState":"inProgress"}'
PAGE = (
    r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\AutopilotSettings",
    "DeviceSetupCategory.Status",
    IDENTIFYING,
)


def named(provider, scope="Device"):
    """A provider that named what the page has to track."""
    return (rf"{TRACKING}\{scope}\Setup\Apps\PolicyProviders\{provider}", "TrackingPoliciesCreated", "1")


@pytest.mark.parametrize(
    ("registry", "quotes"),
    [
        ([provider("Sidecar"), named("ConfigMgr"), PAGE], 2),
        ([named("ConfigMgr", "S-1-5-21-1-2-3-4"), named("Sidecar"), PAGE], 1),
        ([provider("Sidecar"), named("ConfigMgr"), named("Sidecar")], 0),
    ],
    ids=["installed and not registered", "a user's", "both"],
)
def test_an_agent_that_was_installed_has_not_registered_for_the_apps_of_the_page(
    proofs, failure, registry, quotes
):
    rows = proofs("ESP-PROVIDER-MISSING", **failure("device_setup"), registry=registry)
    assert rows["item"].to_list() == ["only ConfigMgr did"] * quotes
    assert ("Apps (Identifying)" in rows["quote"].to_list()) == (quotes == 2)


def test_it_matters_only_where_the_page_did_not_end_well(proofs):
    good = [("succeeded", None, "user_driven", 0, 60, None)]
    assert proofs("ESP-PROVIDER-MISSING", attempts=good, registry=[provider("ConfigMgr")]).is_empty()


@pytest.mark.parametrize(
    ("msi", "found"), [((15, 35), 1), ((25, 40), 0), ((30, 40), 0), ((10, 20), 0), ((21, 22), 0)]
)
def test_an_installer_is_busy_while_another_runs_throughout(proofs, failure, at, msi, found):
    own = {"exit_code": 60001, "started_at": at(20), "ended_at": at(30)}
    other = {"kind": "msi", "item": "msi", "name": "Legacy.msi", "outcome": "succeeded"}
    other |= {"started_at": at(msi[0]), "ended_at": at(msi[1])}
    rows = proofs("ESP-INSTALLER-BUSY", **failure("device_setup"), installs=[own, other])
    assert rows["quote"].to_list() == ["ended with 60001 while Legacy.msi was being installed"] * found


def test_exit_code_1618_says_itself_that_another_was_running(proofs, failure):
    rows = proofs("ESP-INSTALLER-BUSY", **failure("device_setup"), installs=[{"exit_code": 1618}])
    assert rows["quote"].to_list() == ["exit code 1618: another installation was running"]


def test_a_page_that_failed_for_a_later_user_is_not_the_deployments(proofs, failure):
    assert proofs("LATER-USER-PAGE", **failure("account_setup", scenario="later_user")).height == 1
    assert proofs("LATER-USER-PAGE", **failure("account_setup")).is_empty()


def test_the_service_s_word_that_never_came_is_shown_beside_what_the_page_looked_for(proofs):
    page = looked("Account", "Certificates (Identifying)")
    rows = proofs("ESP-SERVICE-NEVER-DONE", **USER_TIMED, registry=[NEVER_DONE, page])
    assert rows["quote"].to_list()[1] == "Certificates (Identifying)"
    assert rows.select("item", "stage").unique().rows() == [("account setup", "account_setup")]


def test_the_word_for_the_device_tells_nothing_of_a_user(proofs):
    device = (ENROLLMENT, *NEVER_DONE[1:])
    page = looked("Account", "Certificates (Identifying)")
    assert proofs("ESP-SERVICE-NEVER-DONE", **USER_TIMED, registry=[device, page]).is_empty()


DEVICE_NEVER = (ENROLLMENT, *NEVER_DONE[1:])


def standing(sessions, *, phase="device", code=None, ends=70):
    """A phase of the page that began at minute 5 and stands open, and sessions that ended until a minute."""
    step = (ends - 5) / sessions
    marks = [("sync_ended", None, 5 + step * n, code, "{}") for n in range(1, sessions + 1)]
    word = DEVICE_NEVER if phase == "device" else NEVER_DONE
    return {
        "attempts": [("unfinished", None, "user_driven", 0, None, None)],
        "runs": [(1, f"{phase}_setup", "unfinished", 5, None, None, None)],
        "marks": marks,
        "registry": [*BY_OTHERS, word, looked(phase.title(), "Certificates (Identifying)")],
    }


@pytest.mark.parametrize("phase", ["device", "account"])
def test_an_open_page_of_either_phase_waits_in_vain_for_the_word_of_a_server_that_speaks(proofs, phase):
    rows = proofs("ESP-SERVER-NEVER-DONE", **standing(20, phase=phase))
    assert rows.select("item", "stage").unique().rows() == [
        (f"{phase} setup, managed by Contoso MDM", f"{phase}_setup")
    ]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (standing(5), True),
        (standing(4), False),
        (standing(20, ends=65), True),
        (standing(20, ends=64), False),
        (standing(20, code="0x80072EE7"), False),
    ],
)
def test_an_hour_and_five_good_sessions_show_that_the_word_does_not_come(proofs, given, found):
    assert (proofs("ESP-SERVER-NEVER-DONE", **given).height > 0) == found


@pytest.mark.parametrize(
    ("reason", "item"),
    [
        ("another installation was in progress: Teams, run by Office (Click-to-Run)", "{}, kept out by {}"),
        ("another installation was in progress", "{}"),
        (None, "{}"),
    ],
)
def test_who_kept_an_app_out_stands_in_the_answer_and_decides_the_remedy(world, failure, reason, item):
    one = {"name": "Contoso Reader", "exit_code": 1618, "code": "0x80070652", "reason": reason}
    found = find(*world(**failure("device_setup"), installs=[one])).findings
    cause = found.filter(found["role"] == "cause")
    assert cause["rule"].to_list() == ["ESP-INSTALLER-BUSY"]
    named = ("Contoso Reader", "Teams, run by Office (Click-to-Run)")
    assert cause["item"].to_list() == [item.format(*named)]
    assert ("Office" in cause["remedy"][0]) == ("kept out" in item)

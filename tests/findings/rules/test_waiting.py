"""What the status page waited for: a provider that never came, an installer that was busy."""

import pytest
from findings.rule_worlds import ENROLLMENT, NEVER_DONE, USER_TIMED, looked

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

"""Why the agent did nothing while the page waited: a token, a workload, a script."""

import json

import pytest
from findings.rule_worlds import CCM, HANGING, NOT_NAMED, SECOND_FACTOR, SETTINGS, TIMED, USER_TIMED, at

LOST = "Failed to get AAD token. len = 0 using client id x and resource id y, errorCode = 3399548929"
GOT = "Successfully get the token with client id x"
THEIRS, OURS = (f"Comgt app workload status {word}" for word in ("True", "False"))
DEMAND = "AADSTS{}: no application is named here."


def refusal(minute, words=SECOND_FACTOR):
    return ("aad:1098", {"AdditionalInformation": words}, minute, "0xCAA2000C")


def page(part, state="inProgress", words="Apps (Identifying)"):
    shown = {f"AccountSetup.{part}Subcategory": {"subcategoryState": state, "subcategoryStatusText": words}}
    return (SETTINGS, "AccountSetupCategory.Status", json.dumps(shown))


def test_the_demand_names_the_finding_and_the_agent_s_own_lines_prove_it(proofs):
    rows = proofs("AGENT-TOKEN-BLOCKED", **USER_TIMED, events=[refusal(20)], lines=[("error", LOST, 20.1)])
    assert rows["item"].to_list() == ["AADSTS50076", "AADSTS50076"]
    assert rows["quote"][1] == "the agent got no token, error 0xCAA10001"


@pytest.mark.parametrize(("minute", "found"), [(20.9, 1), (21.1, 0), (19.1, 1), (18.9, 0)])
def test_an_error_that_names_no_application_is_the_agent_s_within_a_minute_of_its_failure(
    proofs, minute, found
):
    events = [refusal(20, DEMAND.format("50079"))]
    rows = proofs("AGENT-TOKEN-BLOCKED", **USER_TIMED, events=events, lines=[("error", LOST, minute)])
    assert rows["item"].to_list() == ["AADSTS50079"] * 2 * found


@pytest.mark.parametrize(
    ("number", "found"), [("53003", True), ("50158", True), ("50126", False), ("90002", False)]
)
def test_only_what_nobody_can_meet_on_the_page_blocks(proofs, number, found):
    events = [refusal(20, DEMAND.format(number))]
    rows = proofs("AGENT-TOKEN-BLOCKED", **USER_TIMED, events=events, lines=[("error", LOST, 20)])
    assert rows.height == 2 * found


@pytest.mark.parametrize(("minute", "found"), [(40, 0), (15, 1), (70, 1)])
def test_a_token_that_came_later_and_in_time_was_not_blocked(proofs, minute, found):
    rows = proofs("AGENT-TOKEN-BLOCKED", **USER_TIMED, events=[refusal(20)], lines=[("info", GOT, minute)])
    assert rows.height == found


def test_a_page_whose_open_part_is_another_did_not_wait_for_the_agent(proofs):
    shown = {"events": [refusal(20)]}
    assert proofs("AGENT-TOKEN-BLOCKED", **USER_TIMED, **shown, registry=[page("Apps")]).height == 1
    other = page("Certificates", words="Certificates (0 of 1 applied)")
    assert proofs("AGENT-TOKEN-BLOCKED", **USER_TIMED, **shown, registry=[other]).is_empty()


def test_device_setup_needs_no_token_of_a_user(proofs):
    assert proofs("AGENT-TOKEN-BLOCKED", **TIMED, events=[refusal(20)]).is_empty()


@pytest.mark.parametrize(
    ("words", "found"),
    [([THEIRS], 1), ([OURS], 0), ([THEIRS, OURS], 0), ([OURS, THEIRS], 1), ([THEIRS] * 5, 3), ([], 0)],
)
def test_the_agent_s_last_word_says_whose_work_the_apps_are(proofs, words, found):
    lines = [("info", line, 20 + n) for n, line in enumerate(words)]
    assert proofs("ESP-APPS-OF-CONFIGMGR", **TIMED, lines=lines).height == found


def test_what_the_agent_says_after_the_page_is_about_another_time(proofs):
    assert proofs("ESP-APPS-OF-CONFIGMGR", **TIMED, lines=[("info", THEIRS, 61)]).is_empty()


@pytest.mark.parametrize(
    ("flags", "found"),
    [("8211", 1), ("3", 1), ("8257", 0), ("67", 0), ("0", 0), ("2", 0), ("8192", 1), ("unknown", 0)],
)
def test_flags_of_a_co_managed_device_without_the_bit_of_apps_leave_them_to_configmgr(proofs, flags, found):
    registry = [(CCM, "CoManagementFlags", flags), NOT_NAMED]
    assert proofs("ESP-APPS-OF-CONFIGMGR", **TIMED, registry=registry).height == found


def test_the_agent_s_own_word_goes_before_the_flags(proofs):
    registry = [(CCM, "CoManagementFlags", "8211"), NOT_NAMED]
    assert proofs("ESP-APPS-OF-CONFIGMGR", **TIMED, registry=registry, lines=[("info", OURS, 20)]).is_empty()


def test_flags_say_nothing_where_the_agent_has_named_its_apps(proofs):
    registry = [(CCM, "CoManagementFlags", "8211"), (*NOT_NAMED[:2], "1")]
    assert proofs("ESP-APPS-OF-CONFIGMGR", **TIMED, registry=registry).is_empty()


def test_an_agent_that_took_an_app_up_has_the_work(proofs):
    taken = [{"outcome": "unfinished", "download_started_at": at(20)}]
    lines = [("info", THEIRS, 20)]
    assert proofs("ESP-APPS-OF-CONFIGMGR", **TIMED, lines=lines, installs=taken).is_empty()
    idle = [{"outcome": "never_started"}]
    assert proofs("ESP-APPS-OF-CONFIGMGR", **TIMED, lines=lines, installs=idle).height == 1


def test_a_script_is_named_by_its_policy_and_how_long_it_ran(proofs):
    rows = proofs("ESP-SCRIPT-RUNNING", **TIMED, installs=[HANGING])
    assert rows["item"].to_list() == [f"script {HANGING['item']}, still running after 30 min"]


def test_a_script_of_a_rule_is_named_by_its_app(proofs):
    rule = HANGING | {"kind": "detection", "item": "detection of 2222", "name": "Example VPN"}
    rows = proofs("ESP-SCRIPT-RUNNING", **TIMED, installs=[rule])
    assert rows["item"].to_list() == ["detection script of Example VPN, still running after 30 min"]


@pytest.mark.parametrize(("minute", "found"), [(50, 1), (50.1, 0), (9, 0), (61, 0)])
def test_only_a_script_that_ran_ten_minutes_of_the_page_has_held_it_up(proofs, minute, found):
    rows = proofs("ESP-SCRIPT-RUNNING", **TIMED, installs=[HANGING | {"started_at": at(minute)}])
    assert rows.height == found


@pytest.mark.parametrize(
    "after",
    [
        {"kind": "win32", "outcome": "unfinished", "started_at": at(31)},
        {"kind": "win32", "outcome": "unfinished", "download_started_at": at(31)},
        {"kind": "script", "item": "other", "outcome": "succeeded", "started_at": at(31)},
    ],
)
def test_a_script_after_which_the_agent_went_on_holds_nothing_up(proofs, after):
    assert proofs("ESP-SCRIPT-RUNNING", **TIMED, installs=[HANGING, after]).is_empty()


def test_a_script_of_which_the_registry_keeps_a_result_has_ended(proofs):
    result = HANGING | {"outcome": "succeeded", "started_at": None}
    assert proofs("ESP-SCRIPT-RUNNING", **TIMED, installs=[HANGING, result]).is_empty()


@pytest.mark.parametrize(("ended", "found"), [(70, 1), (59, 0)])
def test_a_script_that_ended_after_the_page_gave_up_had_held_it_up(proofs, ended, found):
    later = {"kind": "win32", "item": "next", "outcome": "succeeded", "started_at": at(71)}
    late = HANGING | {"outcome": "succeeded", "ended_at": at(ended)}
    rows = proofs("ESP-SCRIPT-RUNNING", **TIMED, installs=[late, later])
    assert rows["quote"].to_list() == ["begun at 08:30 UTC; it ended 10 min after the page gave up"] * found

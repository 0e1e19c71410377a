"""Why a deployment never began, where no attempt failed."""

import json

import pytest
from findings.rule_worlds import answered

STARTED = {"runs": [(1, "entra_join", "succeeded", 1, 5, None, None)]}


@pytest.mark.parametrize(
    ("edition", "found"), [("Core", 1), ("CoreSingleLanguage", 1), ("Enterprise", 0), (None, 0)]
)
def test_windows_home_cannot_be_deployed_and_is_named_by_its_edition(proofs, edition, found):
    rows = proofs("WINDOWS-HOME", device={"edition": edition})
    assert rows.height == found
    assert rows["item"].to_list() == [edition] * found


def test_a_device_that_joined_or_is_enrolled_never_lacked_a_beginning(proofs):
    assert proofs("WINDOWS-HOME", device={"edition": "Core"}, **STARTED).is_empty()
    assert proofs("WINDOWS-HOME", device={"edition": "Core", "enrolled": True}).is_empty()


@pytest.mark.parametrize(("scenario", "found"), [("self_deploying", 1), ("user_driven", 0)])
def test_a_tpm_that_cannot_prove_the_device_matters_where_it_has_to(proofs, scenario, found):
    given = {"device": {"scenario": scenario}, "properties": [("ReadyForAttestation", "False")]}
    assert proofs("TPM-WITHOUT-CERTIFICATE", **given).height == found


def test_a_page_that_nobody_left_is_where_the_device_stands(proofs, at):
    shown = {"at": at(1), "visible_at": at(1)}
    later = {"device": {"collected_at": at(31)}}
    assert proofs("OOBE-LEFT", screens=[shown], **later)["item"].to_list() == ["Region"]
    assert proofs("OOBE-LEFT", screens=[shown], device={"collected_at": at(30)}).is_empty()
    assert proofs("OOBE-LEFT", screens=[shown | {"ended_at": at(2)}], **later).is_empty()
    assert proofs("OOBE-LEFT", screens=[shown], **later, **STARTED).is_empty()


@pytest.mark.parametrize(("registered", "found"), [(None, 1), (True, 0), (False, 0)])
def test_nothing_but_empty_answers_says_something_only_where_registration_is_unknown(
    proofs, at, registered, found
):
    given = {"device": {"registered": registered}, "screens": [{"at": at(20)}]}
    marks = [("profile_empty", "profile_download", 5, None, "")]
    assert proofs("PROFILE-NEVER-CAME", marks=marks, **given).height == found


@pytest.mark.parametrize(("mark", "found"), [("profile_not_provisioned", 0), ("profile_empty", 1)])
def test_a_state_that_stays_blank_where_the_question_failed_is_no_answer(proofs, at, failure, mark, found):
    given = failure("profile_download", code="0x80072F7D") | {"screens": [{"at": at(20)}]}
    marks = [(mark, "profile_download", 15, None, "")]
    assert proofs("PROFILE-NEVER-CAME", marks=marks, **given).height == found
    registered = given | {"device": {"registered": True}}
    assert proofs("PROFILE-NOT-ASSIGNED", marks=marks, **registered).height == found


OPEN = [("unfinished", None, "user_driven", 0, None, None)]


def wrote(message, minute, code=-2147024894):
    """What a page of OOBE writes of its failure."""
    value = json.dumps({"message": message, "errorCode": code})
    return ("shell:62407", {"Name": "LicensePage", "Value": value}, minute, None)


def on_page(code):
    return {"attempts": OPEN, "marks": [("sign_in_page_error", None, 30, code, "CDJUIError")]}


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("0x80180014", True),
        ("0x801C03ED", True),
        ("0x80190193", True),
        ("0x80180010", False),
        ("0x801C000C", False),
        ("0x80072EE7", False),
        ("0x80004005", False),
    ],
)
def test_a_code_on_the_page_is_a_refusal_only_where_a_service_answers_so(proofs, code, refused):
    assert proofs("SIGN-IN-PAGE-REFUSED", **on_page(code)).height == refused
    assert proofs("SIGN-IN-PAGE-FAILED", **on_page(code)).height == (not refused)


@pytest.mark.parametrize(
    ("event", "item"),
    [
        (wrote("cache of licences is gone", 29.5), "cache of licences is gone"),
        (wrote("cache of licences is gone", 28), None),
        (wrote("cache of licences is gone", 29.5, code=-2147024891), None),
        (wrote("cache of licences is gone", 29.5, code=0), None),
        (wrote(" ", 29.5), None),
    ],
)
def test_the_page_itself_says_what_failed_where_its_code_and_its_minute_agree(proofs, event, item):
    rows = proofs("SIGN-IN-PAGE-FAILED", **on_page("0x80070002"), events=[event])
    assert rows["item"].to_list() == [item] * (1 if item is None else 2)
    assert rows["quote"][-1] == "CDJUIError"


SKIPPED = ("OOBE/SkipMachineOOBE", "true")
LOCAL, OWN = (f"S-1-5-21-1-2-3-{number}" for number in (1001, 1000))


@pytest.mark.parametrize(
    ("coverage", "user", "found"),
    [
        ([("events_user_device_registration", "present")], None, True),
        ([("events_user_device_registration", "absent")], None, False),
        ([], LOCAL, True),
        ([], OWN, False),
        ([], "S-1-12-1-1", False),
    ],
)
def test_a_sign_in_is_gone_round_where_a_join_would_show_or_a_local_account_signed_in(
    proofs, coverage, user, found
):
    events = [("winlogon:7001", {"UserSid": user}, 8, None)] if user else []
    given = answered(SKIPPED) | {"coverage": coverage, "events": events}
    assert (proofs("ANSWER-FILE-SKIPS-SIGN-IN", **given).height > 0) == found


def test_all_that_goes_round_the_sign_in_is_named_and_only_that(proofs):
    settings = [
        SKIPPED,
        ("UserAccounts/LocalAccounts/LocalAccount", "(there)"),
        ("AutoLogon/Enabled", "true"),
        ("OOBE/HideWirelessSetupInOOBE", "true"),
    ]
    rows = proofs("ANSWER-FILE-SKIPS-SIGN-IN", **answered(*settings))
    assert set(rows["item"]) == {"SkipMachineOOBE, LocalAccount, AutoLogon/Enabled"}


def test_a_device_that_joined_all_the_same_went_round_nothing(proofs):
    assert proofs("ANSWER-FILE-SKIPS-SIGN-IN", **answered(SKIPPED), **STARTED).is_empty()


def test_a_setting_of_another_file_is_none_of_an_answer_file(proofs):
    given = answered(SKIPPED) | {"sources": {"unattend.xml": "unknown"}}
    assert proofs("ANSWER-FILE-SKIPS-SIGN-IN", **given).is_empty()

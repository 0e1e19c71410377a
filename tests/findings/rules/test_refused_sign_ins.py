"""Sign-ins that Entra ID refuses behind a device's part that went well."""

import pytest
from findings.rule_worlds import refused_since, signing_in_again, token_refused

from autopilot_analysis.findings import find

RULE = "SIGN-IN-REFUSED"
OWN, ANOTHER = "c0ffee00-0000-4000-8000-000000000001", "c0ffee00-0000-4000-8000-000000000002"
DISABLED = token_refused("AADSTS135011", 50, 55)


@pytest.mark.parametrize("key", ["aad:1081", "aad:1088", "aad:1098"])
@pytest.mark.parametrize("code", ["AADSTS50057", "AADSTS53003", "AADSTS530003", "AADSTS700003"])
def test_the_last_number_is_named_whichever_record_holds_it(proofs, key, code):
    rows = proofs(RULE, **refused_since(*token_refused(code, 50, 55, key=key)))
    assert set(rows["item"]) == {code}
    assert rows.height == 2


@pytest.mark.parametrize(("minutes", "found"), [((50, 51.9), 0), ((50, 52), 2), ((50,), 0)])
def test_a_refusal_that_comes_once_is_none(proofs, minutes, found):
    assert proofs(RULE, **refused_since(*token_refused("AADSTS50057", *minutes))).height == found


@pytest.mark.parametrize("code", ["AADSTS50058", "AADSTS50097", "no number"])
def test_what_programs_ask_for_in_silence_is_no_sign_in(proofs, code):
    assert proofs(RULE, **refused_since(*token_refused(code, 50, 55, key="aad:1098"))).is_empty()


@pytest.mark.parametrize(("tenant", "found"), [("common", 2), (OWN, 2), (OWN.upper(), 2), (ANOTHER, 0)])
def test_an_account_of_another_tenant_does_not_count(proofs, tenant, found):
    refused = token_refused("AADSTS135011", 50, 55, tenant=tenant)
    assert proofs(RULE, **refused_since(*refused)).height == found


@pytest.mark.parametrize(
    ("good", "minute", "found"),
    [
        ("winlogon:7001", 60, 0),
        ("winlogon:7001", 45, 2),
        ("udr:358", 60, 0),
        ("udr:360", 60, 0),
        ("udr:358", 45, 2),
    ],
)
def test_a_sign_in_that_works_since_ends_it(proofs, good, minute, found):
    assert proofs(RULE, **refused_since(*DISABLED, (good, {}, minute, None))).height == found


@pytest.mark.parametrize("stage", ["account_setup", "desktop"])
@pytest.mark.parametrize(("outcome", "found"), [("succeeded", 0), ("unfinished", 0), ("skipped", 2)])
def test_a_person_who_got_in_was_not_refused(proofs, stage, outcome, found):
    given = refused_since(*DISABLED)
    given["runs"] = [*given["runs"], (1, stage, outcome, 46, 48, None, None)]
    assert proofs(RULE, **given).height == found


@pytest.mark.parametrize(("joined", "found"), [(5, 2), (52, 0), (60, 0)])
def test_answers_before_the_join_belong_to_the_join(proofs, joined, found):
    marks = [("joined", "entra_join", joined, None, "{}")]
    assert proofs(RULE, **refused_since(*DISABLED, marks=marks)).height == found


def test_a_page_that_is_still_at_the_device_s_part_waits_for_no_person(proofs):
    assert proofs(
        RULE, **refused_since(*DISABLED, runs=[(1, "device_setup", "unfinished", 10, None, None, None)])
    ).is_empty()


def test_an_attempt_that_failed_has_another_reason(proofs):
    attempts = [("failed", "account_setup", "user_driven", 0, 60, None)]
    assert proofs(RULE, **refused_since(*DISABLED, attempts=attempts)).is_empty()


@pytest.mark.parametrize(("key", "found"), [("aad:1081", 2), ("aad:1098", 0)])
def test_where_nobody_is_due_only_the_lock_screen_counts(proofs, key, found):
    attempts = [("succeeded", None, "self_deploying", 0, 40, None)]
    refused = token_refused("AADSTS50057", 50, 55, key=key)
    assert proofs(RULE, **refused_since(*refused, attempts=attempts)).height == found


def test_the_user_s_part_of_a_sealed_device_is_refused_weeks_later(proofs):
    given = refused_since(
        *token_refused("AADSTS135011", 30000, 30010),
        attempts=[
            ("succeeded", None, "pre_provisioning_technician", 0, 40, None),
            ("unknown", None, "pre_provisioning_user", 29990, 29995, None),
        ],
    )
    assert set(proofs(RULE, **given)["item"]) == {"AADSTS135011"}


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("AADSTS130507", "SIGN-IN-AGAIN-FAILED"),
        ("AADSTS135011", RULE),
        ("AADSTS700003", RULE),
        ("AADSTS50057", RULE),
    ],
)
def test_a_restart_is_to_blame_only_where_another_sign_in_could_help(world, code, rule):
    given = signing_in_again(*token_refused(code, 50, 55))
    given["marks"] = [*given["marks"], ("joined", "entra_join", 5, None, "{}")]
    found = find(*world(**given)).findings
    assert set(found.filter(found["role"] == "cause")["rule"]) == {rule}

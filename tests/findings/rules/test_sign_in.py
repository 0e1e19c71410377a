"""Signing in: errors count up to the failure, a tenant's mismatch where nobody got through."""

import re
from dataclasses import replace

import polars as pl
import pytest

from autopilot_analysis.codes import explain
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find
from autopilot_analysis.tables import Tables

BLOCKED = {"TOKEN-BLOCKED": RULES["TOKEN-BLOCKED"]}
DIAGNOSTICS = r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\Diagnostics\AutoPilot"
MISMATCH = [(DIAGNOSTICS, "TenantMatched", "0")]


@pytest.mark.parametrize(("minute", "found"), [(20, 1), (65, 1), (65.1, 0)])
def test_an_error_of_entra_counts_until_five_minutes_after_the_failure(proofs, failure, minute, found):
    for number, rule in (("AADSTS50079", "SIGN-IN-ERROR"), ("AADSTS53003", "TOKEN-BLOCKED")):
        events = [("aad:1098", {"Error": f"{number}: refused"}, minute, None)]
        rows = proofs(rule, **failure("entra_join"), events=events)
        assert rows["item"].to_list() == [number] * found


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AADSTS7000112", "Enterprise applications .*Enabled for users to sign in"),
        ("AADSTS700016", "service principal"),
        ("AADSTS50105", "assign the user or a group"),
        ("AADSTS53003", "Conditional Access"),
        ("AADSTS90072", "account of the device's tenant"),
        ("AADSTS50057", "Enable the account"),
    ],
)
def test_each_decision_of_the_tenant_has_a_remedy_of_its_own(world, failure, code, words):
    events = [("aad:1098", {"Error": f"{code}: refused"}, 20, None)]
    tables, trace = world(**failure("mdm_enrollment"), events=events)
    (found,) = find(tables, trace, rules=BLOCKED).findings.iter_rows(named=True)
    assert re.search(words, found["remedy"])
    assert (code == "AADSTS53003") is ("Conditional Access" in found["remedy"])


WORDS = "AADSTS53003: Access has been blocked."
NUMBER = "12121212-3434-4565-8787-909090909090"


@pytest.mark.parametrize(
    ("told", "quote"),
    [
        (f"Error: 0xCAA20003\r\nDescription: {WORDS}\r\ncorrelation ID (request): {NUMBER}",
         f"{WORDS} (correlation id {NUMBER})"),
        (f"{WORDS} Correlation ID: {NUMBER}\r\nRequest: correlation ID (request): {NUMBER}",
         f"{WORDS} Correlation ID: {NUMBER}"),
        (WORDS, WORDS),
    ],
)  # fmt: skip
def test_the_proof_is_what_entra_said_and_what_finds_it_in_its_logs(proofs, failure, told, quote):
    events = [("aad:1098", {"Error": told}, 20, None)]
    assert proofs("TOKEN-BLOCKED", **failure("mdm_enrollment"), events=events)["quote"].to_list() == [quote]


def test_the_application_that_is_switched_off_is_named(proofs, failure):
    told = (
        "AADSTS7000112: Application '00000000-aaaa-4bbb-8ccc-000000000001'(Contoso Enrollment) is disabled."
    )
    rows = proofs(
        "TOKEN-BLOCKED", **failure("mdm_enrollment"), events=[("aad:1098", {"Error": told}, 20, None)]
    )
    assert rows["item"].to_list() == ["AADSTS7000112, Contoso Enrollment"]


def test_every_decision_of_the_tenant_is_a_code_that_is_known():
    decisions = read_facts("tenant_decisions")
    assert decisions["code"].is_unique().all()
    assert {explain(code).certainty for code in decisions["code"]} <= {"documented", "third_party"}


@pytest.mark.parametrize("code", ["AADSTS50126", "AADSTS50058"])
def test_a_wrong_password_and_a_silent_try_come_and_go(proofs, failure, code):
    events = [("aad:1098", {"Error": f"{code}: x"}, 20, None)]
    assert proofs("SIGN-IN-ERROR", **failure("entra_join"), events=events).is_empty()


@pytest.mark.parametrize(
    ("stage", "scenario", "found"),
    [
        ("entra_join", "user_driven", 1),
        ("entra_join", "self_deploying", 0),
        ("device_setup", "user_driven", 0),
    ],
)
def test_a_mismatch_of_tenants_counts_where_a_user_did_not_get_through(
    proofs, failure, stage, scenario, found
):
    rows = proofs("TENANT-MISMATCH", **failure(stage, scenario=scenario), registry=MISMATCH)
    assert rows["attempt"].to_list() == [1] * found


@pytest.mark.parametrize(("enrolled", "found"), [(True, 1), (False, 0), (None, 0)])
def test_hello_is_missed_on_an_enrolled_device_that_never_ran_it(proofs, enrolled, found):
    marks = [("hello_will_not_run", None, 50, None, "")]
    assert proofs("HELLO-NOT-SET-UP", device={"enrolled": enrolled}, marks=marks).height == found
    later = [*marks, ("hello_will_run", None, 55, None, "")]
    assert proofs("HELLO-NOT-SET-UP", device={"enrolled": enrolled}, marks=later).is_empty()


STATED = {
    "DeviceIsJoined": "Yes",
    "NgcPolicyEnabled": "Yes",
    "AADPrt": "No",
    "UserIsRemote": "Yes",
    "CloudTgt": "No",
}
SHOWN = {
    "RenderedMessage": "Windows Hello will not be launched.\nDevice is AAD joined ( AADJ or DJ++ ): Yes\n"
    "Windows Hello for Business policy is enabled: Yes\nUser has logged on with AAD credentials: No\n"
    "Enterprise user logon certificate template is : Not Tested\nUser account has Cloud TGT: No"
}
UNMET = "the user is not signed in with an account of Entra; the user has no Kerberos ticket of the cloud"


@pytest.mark.parametrize(
    ("data", "items"),
    [
        (STATED, [UNMET]),
        (SHOWN, [UNMET]),
        (STATED | {"AADPrt": "Yes"}, [UNMET.partition("; ")[2]]),
        (STATED | {"AADPrt": "Yes", "CloudTgt": "Not Tested"}, [None]),
        (STATED | {"NgcPolicyEnabled": "No"}, []),
        (STATED | {"DeviceIsJoined": "Not Tested"}, []),
    ],
)
def test_where_hello_is_due_the_conditions_that_failed_are_named(proofs, data, items):
    told = {"events": [("udr:362", data, 50, None)], "marks": [("hello_will_not_run", None, 50, None, "")]}
    rows = proofs("HELLO-NOT-SET-UP", device={"enrolled": None}, **told)
    assert rows["item"].to_list() == items


def test_the_page_of_an_identity_provider_that_did_not_load_is_named_by_its_host(proofs):
    page = {"Name": "NavigationFailed", "Value": '{"uri":"https://sso.example.com/adfs"}'}
    rows = proofs(
        "SIGN-IN-PROVIDER-BLOCKED",
        attempts=[("unfinished", None, "user_driven", 0, None, None)],
        marks=[("sign_in_page_error", None, 5, None, '{"Name":"CDJUIError","Value":"OOBEIDPS"}')],
        events=[("shell:62407", page, 4, None)],
    )
    assert rows["item"].to_list() == ["sso.example.com"]


@pytest.mark.parametrize(
    ("code", "minute", "led"),
    [
        ("0x80180002", 58, True),
        ("0x8018002A", 55, True),
        ("0x801C0002", 60, True),
        ("0x80180002", 54.9, False),
        ("0x80180002", 60.1, False),
        ("0x80180018", 58, False),
        (None, 58, False),
    ],
)
def test_an_error_of_entra_led_to_a_failure_for_want_of_a_token_right_after_it(
    proofs, failure, code, minute, led
):
    events = [("aad:1098", {"Error": "AADSTS50078: refused"}, minute, None)]
    world = failure("mdm_enrollment", code=code) | {"events": events}
    assert proofs("TOKEN-MISSED", **world)["item"].to_list() == ["AADSTS50078"] * led
    assert proofs("SIGN-IN-ERROR", **world)["item"].to_list() == ["AADSTS50078"] * (not led)


def test_an_error_without_a_number_and_a_decision_of_the_tenant_are_no_missed_token(proofs, failure):
    for text in ("refused", "AADSTS53003: blocked", "AADSTS50126: wrong password"):
        world = failure("mdm_enrollment", code="0x80180002")
        assert proofs("TOKEN-MISSED", **world, events=[("aad:1098", {"Error": text}, 58, None)]).is_empty()


def seen_by_its_failure(code, events):
    """An attempt whose failure to enrol is the first that is known of it, at minute 60."""
    return {
        "attempts": [("failed", "mdm_enrollment", "user_driven", 60, 60, code)],
        "runs": [(1, "mdm_enrollment", "failed", None, 60, code, None)],
        "events": events,
    }


@pytest.mark.parametrize(("minute", "led"), [(59.9, True), (55, True), (54.9, False), (0, False)])
def test_an_error_right_before_the_first_that_is_known_of_an_attempt_led_to_it(proofs, minute, led):
    for number, rule in (("AADSTS50076", "TOKEN-MISSED"), ("AADSTS53003", "TOKEN-BLOCKED")):
        world = seen_by_its_failure("0xCAA20003", [("aad:1098", {"Error": f"{number}: x"}, minute, None)])
        rows = proofs(rule, **world)
        assert rows["item"].to_list() == [number] * led
        assert rows["attempt"].to_list() == [1] * led


def test_an_error_right_before_nothing_that_failed_is_none(proofs):
    events = [("aad:1098", {"Error": "AADSTS53003: x"}, 59.9, None)]
    world = {"attempts": [("succeeded", None, "user_driven", 60, 90, None)], "events": events}
    assert proofs("TOKEN-BLOCKED", **world).is_empty()


@pytest.mark.parametrize(
    ("minute", "missed", "blocked"),
    [(59.9, 1, 1), (54, 0, 1), (64, 0, 1), (66, 0, 0), (60 - 13 * 60, 0, 0)],
)
def test_where_only_the_device_s_own_clock_is_known_it_tells_which_error_led_to_a_failure(
    world, minute, missed, blocked
):
    events = [
        ("aad:1098", {"Error": "AADSTS50076: x"}, minute, None),
        ("aad:1098", {"Error": "AADSTS53003: x"}, minute, None),
        ("dm:76", {}, 60, "0xCAA20003"),
    ]
    tables, trace = world(**seen_by_its_failure("0xCAA20003", events))
    own = {
        "at": pl.lit(None, pl.Datetime("us", "UTC")),
        "clock": pl.lit("unknown", tables.events.schema["clock"]),
    }
    tables = Tables.of({**tables.frames(), "events": tables.events.with_columns(**own)})
    ended = {
        "ended_at": own["at"],
        "ended_member": pl.lit("export.evtx"),
        "ended_record": pl.lit(3, pl.Int64),
    }
    trace = replace(trace, stage_runs=trace.stage_runs.with_columns(**ended))
    assert RULES["TOKEN-MISSED"](tables, trace).height == missed
    assert RULES["TOKEN-BLOCKED"](tables, trace).height == blocked


def test_every_result_without_a_token_is_a_code_that_is_known():
    codes = read_facts("token_failures")["code"]
    assert codes.is_unique().all()
    assert {explain(code).certainty for code in codes} <= {"documented", "header"}

"""A user without a token, and the account setup that waits for what is asked in that user's name."""

import json

import pytest
from findings.rule_worlds import NOT_NAMED, OPEN, SETTINGS, TIMED, USER_TIMED, bad

from autopilot_analysis.findings import find

RULE = "ESP-USER-WITHOUT-TOKEN"
ENROLMENT = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000"
OF_ROBIN = (ENROLMENT, "UPN", "robin@example.com")


def command(error="AADSTS50072", *, prt="NO", tried=None, user=None):
    """What `dsregcmd /status` says of the user's last try at a token."""
    lines = [("AzureAdPrt", prt), ("Attempt Status", "0xc000006d")]
    lines += [("Previous Prt Attempt", tried)] if tried else []
    lines += [("User Identity", user)] if user else []
    return [*lines, ("Server Error Description", f"{error}: example")]


def page(words="Identifying", state="inProgress"):
    """The dump's own word on account setup, and a failed run of it that carries no time."""
    part = {"subcategoryState": state, "subcategoryStatusText": words}
    shown = json.dumps({"categoryState": "failed", "AccountSetup.AppsSubcategory": part})
    return {
        "attempts": [("failed", "account_setup", "user_driven", None, None, None)],
        "runs": [(1, "account_setup", "failed", None, None, None, None)],
        "registry": [(SETTINGS, "AccountSetupCategory.Status", shown)],
    }


@pytest.mark.parametrize("error", ["AADSTS50072", "AADSTS50055", "AADSTS53003"])
@pytest.mark.parametrize("given", [USER_TIMED, page(), page("Wird identifiziert")])
def test_a_refused_token_explains_an_account_setup_that_knew_of_nothing_to_do(proofs, given, error):
    rows = proofs(RULE, properties=command(error), **given)
    assert set(rows["item"]) == {error}
    assert set(rows["attempt"]) == {1}


@pytest.mark.parametrize(
    "given",
    [
        TIMED,
        page("1 of 3 installed"),
        page("Identifying", state="failed") | {"registry": []},
        {"attempts": OPEN},
        {"attempts": bad("account_setup", code="0x87D1041C")},
    ],
    ids=["device setup", "apps are counted", "no word of the page", "no account setup", "an app's code"],
)
def test_a_wait_of_another_kind_is_not_put_down_to_the_token(proofs, given):
    assert proofs(RULE, properties=command(), **given).is_empty()


@pytest.mark.parametrize("told", [command(prt="YES"), command("AADSTS50126"), command("no number")])
def test_a_token_that_came_or_a_mistyped_password_explains_nothing(proofs, told):
    assert proofs(RULE, properties=told, **USER_TIMED).is_empty()


@pytest.mark.parametrize(
    ("tried", "found"),
    [
        ("2026-03-02 08:59:00.221 UTC", True),
        ("2026-03-02 20:59:00.221 UTC", True),
        ("2026-03-02 21:01:00.221 UTC", False),
        ("2026-03-02 07:59:00.221 UTC", False),
        ("soon after 8", True),
    ],
)
def test_a_try_that_is_dated_lies_in_the_attempt_or_in_the_half_day_behind_it(proofs, tried, found):
    assert bool(proofs(RULE, properties=command(tried=tried), **USER_TIMED).height) is found


@pytest.mark.parametrize(
    ("owner", "user", "found"),
    [
        ("Robin@example.com", "robin@example.com", True),
        ("robin@example.com", "admin@example.com", False),
        ("fooUser@example.com", "robin@example.com", True),
        ("robin@example.com", None, True),
    ],
)
def test_the_command_has_to_tell_of_the_user_who_enrolled(proofs, owner, user, found):
    given = USER_TIMED | {"registry": [(ENROLMENT, "UPN", owner)]}
    assert bool(proofs(RULE, properties=command(user=user), **given).height) is found


def test_the_token_is_the_cause_and_the_unnamed_provider_follows(world):
    given = page()
    story = world(**given | {"registry": [*given["registry"], NOT_NAMED]}, properties=command())
    found = find(*story).findings.filter(find(*story).findings["severity"] != "info")
    roles = dict(found.select("rule", "role").rows())
    assert found["rule"][0] == RULE
    assert roles["ESP-PROVIDER-STALLED"] == "consequence"
    assert "TOKEN-REFUSED" not in roles

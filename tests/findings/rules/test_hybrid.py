"""Hybrid join: an assigned user, and a domain that is out of sight."""

import pytest
from findings.rule_worlds import DIAGNOSTICS, assigned, dialled, out_of_sight

from autopilot_analysis.findings import find

USER, SIGHT = "HYBRID-ASSIGNED-USER", "HYBRID-DOMAIN-OUT-OF-SIGHT"
CACHE = r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\AutopilotPolicyCache"
NESTED = (
    r'{"CloudAssignedAadServerData":"{\"ZeroTouchConfig\":{\"CloudAssignedTenantUpn\":\"ola@example.com\"}}"}'
)
NONE = NESTED.replace("ola@example.com", "").replace("}}", r",\"M\":\"a@b.example\"}}")
READ = {"Message1": "CloudAssignedTenantUpn", "Message2": "ola@example.com"}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"registry": [(DIAGNOSTICS, "CloudAssignedTenantUpn", "ola@example.com")]}, True),
        ({"registry": [(DIAGNOSTICS, "CloudAssignedTenantDomain", "ola@example.com")]}, False),
        ({"registry": [(CACHE, "PolicyJsonCache", NESTED)]}, True),
        ({"registry": [(CACHE, "PolicyJsonCache", NONE)]}, False),
        ({"registry": [], "properties": [("CloudAssignedTenantUpn", "ola@example.com")]}, True),
        ({"registry": [], "properties": [("CloudAssignedAadServerData", NESTED)]}, True),
        ({"registry": [], "events": [("ap:103", READ, 1, None)]}, True),
        ({"registry": []}, False),
    ],
)
def test_the_assigned_user_is_seen_wherever_the_profile_is_kept(proofs, given, found):
    assert (proofs(USER, **(assigned("") | given)).height > 0) == found


def test_an_assigned_user_of_another_scenario_is_no_fault(proofs):
    given = assigned("ola@example.com", attempts=[("failed", "entra_join", "user_driven", 0, 60, None)])
    assert proofs(USER, **given).is_empty()


def test_a_domain_join_that_was_applied_shows_that_it_did_not_matter(proofs):
    given = assigned("ola@example.com")
    given["marks"] = [*given["marks"], ("offline_join_applied", "entra_join", 20, None, "{}")]
    assert proofs(USER, **given).is_empty()


def test_the_user_explains_what_the_page_shows_and_says_what_to_do(world):
    given = assigned("ola@example.com")
    given["marks"] = [*given["marks"], ("sign_in_page_error", None, 60, "0x80070774", "{}")]
    found = find(*world(**given)).findings
    assert found.filter(found["role"] == "cause")["rule"].to_list() == [USER]
    assert (found["code"][0], found["remedy"][0][:24]) == ("0x80070774", "Remove the assigned user")


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        ("13801", "HYBRID-TUNNEL-CERTIFICATE"),
        ("13806", "HYBRID-TUNNEL-CERTIFICATE"),
        ("809", "HYBRID-TUNNEL-UNREACHED"),
        ("868", "HYBRID-TUNNEL-UNREACHED"),
        ("812", "HYBRID-TUNNEL-REFUSED"),
        ("631", "HYBRID-TUNNEL-FAILED"),
        ("720", "HYBRID-TUNNEL-FAILED"),
    ],
)
def test_the_last_error_of_the_tunnel_decides(proofs, error, rule):
    given = dialled(error, beside=[("udr:334", {}, minute, None) for minute in (50, 55, 60)])
    rows = proofs(SIGHT, **given)
    assert set(rows["rule"]) == {rule}
    assert rows["item"][0].startswith(f"Example Tunnel, error {error}")
    assert rows["item"][0].endswith(", 3 times")


FRENCH = (
    "CoId={1} : l'utilisateur SYSTEM a composé une connexion nommée Exemple qui a échoué. Le code d'erreur "
    "renvoyé suite à l'échec est 13801."
)


def test_a_list_in_another_language_tells_the_error_as_well(proofs):
    events = [("ras:20227", {"Message": FRENCH}, minute, None) for minute in (45, 50, 55)]
    assert set(proofs(SIGHT, **out_of_sight(events=events))["rule"]) == {"HYBRID-TUNNEL-CERTIFICATE"}


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        (("ras:20225", {}, 60, None), False),
        (("ras:20225", {}, 44, None), True),
        (("winlogon:7001", {}, 60, None), False),
        (("winlogon:7001", {}, 30, None), True),
        (("udr:358", {}, 60, None), False),
    ],
)
def test_a_tunnel_that_came_about_or_a_person_who_is_in_ends_it(proofs, beside, found):
    assert (proofs(SIGHT, **dialled("13801", beside=[beside])).height > 0) == found


@pytest.mark.parametrize("event", ["udr:334", "netlogon:5719"])
@pytest.mark.parametrize(
    ("minutes", "found"), [((50, 55, 60), True), ((50, 55), False), ((5, 20, 39), False)]
)
def test_without_a_tunnel_it_is_the_domain_that_is_out_of_sight(proofs, event, minutes, found):
    rows = proofs(SIGHT, **out_of_sight(*minutes, event=event))
    assert set(rows["rule"]) == ({SIGHT} if found else set())


@pytest.mark.parametrize(
    "more",
    [
        {"attempts": [("unknown", None, "user_driven", 0, 40, None)]},
        {"attempts": [("failed", "device_setup", "hybrid_join", 0, 40, None)]},
        {"runs": [(1, "device_setup", "unfinished", 10, None, None, None)]},
        {
            "runs": [
                (1, "device_setup", "succeeded", 10, 40, None, None),
                (1, "desktop", "succeeded", 50, 51, None, None),
            ]
        },
    ],
)
def test_only_where_the_device_is_done_and_nobody_got_in(proofs, more):
    assert proofs(SIGHT, **out_of_sight(50, 55, 60, **more)).is_empty()

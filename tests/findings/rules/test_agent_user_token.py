"""Tokens refused to a user who has signed in; every text is made up."""

import pytest
from findings.rule_worlds import GOOD

from autopilot_analysis.findings import RULES, find

ON_PAGE, LATER, IN_SESSION = "AGENT-TOKEN-ASKED", "AGENT-TOKEN-ASKED-LATER", "USER-TOKEN-ASKED"
STOPPED = "ENROLLMENT-SIGN-IN-STOPPED"
PAGE = ("info", "[Win32App] In EspPhase: AccountSetup. AccountSetup")
AFTER = ("info", "[Win32App] In EspPhase: NotInEsp. Start App policy processing")
GIVEN = ("info", "AAD User check using device check in app is passed.")
NO_USER = ("warning", "[Win32App] no AAD user is found for session 2, skip checking user targeted apps.")
INTUNE = "0000000a-0000-0000-c000-000000000000"
TO_ENROL = "https://enrollment.manage.microsoft.com/"


def denied(number, exception="TokenAquireException"):
    words = f"{exception}: no token. errorCode = 3399614476, message = {number}: Example words. Trace ID: 1"
    return ("error", f"AAD User check is failed, exception is {words}")


def event(number="AADSTS50076", asked=INTUNE, session=True):
    fields = {"Error": "0xCAA2000C", "AdditionalInformation": f"{number}: Example words of '{asked}'."}
    return ("aad:1098", fields | ({"SessionOf": "AzureAD"} if session else {}), 5, "0xCAA2000C")


@pytest.fixture
def found(world):
    def ask(**given):
        rules = {name: RULES[name] for name in (ON_PAGE, LATER, IN_SESSION, STOPPED)}
        return find(*world(**given), rules=rules).findings["rule"].to_list()

    return ask


@pytest.mark.parametrize(
    "number", ["AADSTS50076", "AADSTS50079", "AADSTS53003", "AADSTS50158", "AADSTS65001"]
)
def test_a_token_that_entra_refuses_the_agent_on_the_page_is_told_there(proofs, number):
    rows = proofs(ON_PAGE, lines=[PAGE, denied(number), NO_USER])
    assert rows["item"].to_list() == [number]
    assert rows["quote"].to_list() == [f"{number}: Example words."]


@pytest.mark.parametrize(
    ("lines", "rules"),
    [
        ([PAGE, denied("AADSTS50076", "TokenAcquireException")], [ON_PAGE]),
        ([AFTER, denied("AADSTS50076")], [LATER]),
        ([denied("AADSTS50076")], [LATER]),
        ([PAGE, AFTER, denied("AADSTS50076")], [LATER]),
        ([PAGE, denied("AADSTS50076"), GIVEN], []),
        ([PAGE, GIVEN, denied("AADSTS50076")], [ON_PAGE]),
        ([PAGE, denied("AADSTS50058")], []),
        ([PAGE, NO_USER], []),
        ([PAGE, denied("no number")], []),
        ([PAGE, ("error", "AADSTS50076 somewhere else")], []),
    ],
)
def test_the_page_is_named_only_where_it_was_seen_and_a_later_token_ends_it(found, lines, rules):
    assert found(lines=lines) == rules


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ({"events": [event()]}, [IN_SESSION]),
        ({"events": [event(session=False)]}, [STOPPED]),
        ({"events": [event(asked=TO_ENROL)]}, [STOPPED]),
        ({"events": [event(session=False)], "lines": [("info", "EMS Agent Started")]}, []),
        ({"events": [event(asked="https://graph.example.com/", session=False)]}, []),
        ({"events": [event()], "attempts": GOOD}, []),
        ({"events": [event()], "device": {"enrolled": True}}, []),
        ({"events": [event("AADSTS50126")]}, []),
        ({"events": [event()], "lines": [PAGE, denied("AADSTS50076")]}, [ON_PAGE]),
    ],
)
def test_a_refusal_in_the_session_of_an_entra_account_does_not_stop_the_enrolment(found, given, rules):
    assert found(**given) == rules

"""A sign-in for enrolment that Entra ID refused before any attempt; every text is made up."""

import pytest
from findings.rule_worlds import GOOD

from autopilot_analysis.findings import RULES, find

STOPPED, ALONE = "ENROLLMENT-SIGN-IN-STOPPED", "TOKEN-REFUSED-ALONE"
ID = "11111111-2222-4333-8444-555555555555"
TO_ENROL, TO_JOIN = (
    "https://enrollment.manage.microsoft.com/",
    "urn:ms-drs:enterpriseregistration.windows.net",
)
OTHER = "https://graph.example.com/"
JOINED = [("AzureAdJoined", "YES")]


def refused(number, asked=TO_ENROL, event=1098, minute=5):
    """What the token broker writes of a request, for what it was, and how Entra answered."""
    words = f"{number}: Example words of Entra.\\nCorrelation ID: {ID}\\nRequest: resource: {asked}"
    fields = {"Error": "0xCAA2000C", "AdditionalInformation": words.replace("\\n", "\n")}
    return (f"aad:{event}", fields, minute, "0xCAA2000C")


@pytest.fixture
def findings_of(world):
    """Rule, stage and severity of what both rules find."""
    rules = {name: RULES[name] for name in (STOPPED, ALONE)}

    def ask(*events, **more):
        found = find(*world(events=list(events), **more), rules=rules).findings
        return found.select("rule", "stage", "severity").rows()

    return ask


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (refused("AADSTS53000"), (STOPPED, "mdm_enrollment", "high")),
        (refused("AADSTS53001", TO_JOIN, 1081), (STOPPED, "entra_join", "high")),
        (refused("AADSTS53003", "client: d4ebce55-015a-49b5-a083-c84d1797ae8c", 1097),
         (STOPPED, "mdm_enrollment", "high")),
        (refused("AADSTS50076", event=1097), (STOPPED, "mdm_enrollment", "warning")),
        (refused("AADSTS50079"), (STOPPED, "mdm_enrollment", "warning")),
        (refused("AADSTS53003", OTHER), (ALONE, None, "warning")),
        (refused("AADSTS53003", minute=None), (STOPPED, "mdm_enrollment", "high")),
    ],
)  # fmt: skip
def test_a_refused_token_for_enrolment_is_what_stopped_it(findings_of, event, found):
    assert findings_of(event) == [found]


@pytest.mark.parametrize(
    ("event", "more"),
    [
        (refused("AADSTS50058"), {}),
        (refused("AADSTS50076", OTHER), {}),
        (refused("AADSTS53000"), {"attempts": GOOD}),
        (refused("AADSTS53000"), {"device": {"enrolled": True}}),
        (refused("AADSTS53000"), {"properties": JOINED}),
    ],
    ids=["a silent try", "for something else", "an attempt shows", "managed", "joined"],
)
def test_a_usual_error_and_a_device_at_its_daily_work_show_nothing(findings_of, event, more):
    assert findings_of(event, **more) == []


@pytest.mark.parametrize(("minute", "rule"), [(6, STOPPED), (6.1, ALONE)])
def test_records_of_one_request_say_together_what_it_was_for(findings_of, minute, rule):
    purpose = refused("AADSTS50058", minute=minute)
    assert [found[0] for found in findings_of(refused("AADSTS53003", OTHER), purpose)] == [rule]


def test_the_words_of_entra_are_quoted_whole_with_what_finds_the_sign_in(proofs):
    rows = proofs(STOPPED, events=[refused("AADSTS53000")])
    assert rows["quote"].to_list() == [f"AADSTS53000: Example words of Entra. (correlation id {ID})"]
    assert rows["item"].to_list() == ["AADSTS53000"]

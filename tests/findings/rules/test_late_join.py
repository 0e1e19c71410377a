"""A hybrid join that got through only after the page had given up: what failed at first is settled."""

import json

import pytest

from autopilot_analysis.findings import find

RULE, REFUSED = "HYBRID-JOIN-LATE", "0x801C03F2"
TRY, JOINED, LEFT = "automatic_join_failed", "join_completed_automatically", "left_entra"
KEY = r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\AutopilotSettings"
YES = [("AzureAdJoined", "YES", "dsregcmd.txt")]
LATER = ("Client Time", "2026-03-02 09:40:00.000 UTC", "dsregcmd.txt")
BEFORE = ("Client Time", "2026-03-02 08:40:00.000 UTC", "dsregcmd.txt")


def on_the_page(part, state="inProgress"):
    """What the page kept of account setup."""
    shown = {f"AccountSetup.{part}Subcategory": {"subcategoryState": state, "subcategoryStatusText": "Part"}}
    return [(KEY, "AccountSetupCategory.Status", json.dumps(shown))]


def late(*then, scenario="hybrid_join", code="0x800705B4", tries=(20, 40), **more):
    """Account setup from minute 10 to 60 that ran out of time, the tries to join, and what came then."""
    tried = [(TRY, "entra_join", minute, REFUSED, "{}") for minute in tries]
    return {
        "attempts": [("failed", "account_setup", scenario, 0, 60, code)],
        "runs": [
            (1, "entra_join", "failed", 5, 40, REFUSED, None),
            (1, "account_setup", "failed", 10, 60, code, "esp_timed_out"),
        ],
        "marks": [
            ("esp_timed_out", None, 60, code, "{}"),
            *tried,
            *((name, "entra_join", minute, None, "{}") for name, minute in then),
        ],
        "device": {"scenario": scenario},
    } | more


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (late((JOINED, 90)), True),
        (late(("joined", 90)), True),
        (late((JOINED, 90), registry=on_the_page("JoiningNetwork")), True),
        (late(properties=YES), True),
        (late(properties=[*YES, LATER]), True),
        (late((JOINED, 90), registry=on_the_page("Apps")), False),
        (late((JOINED, 90), scenario="user_driven"), False),
        (late((JOINED, 50)), False),
        (late((JOINED, 4)), False),
        (late((JOINED, 90), (TRY, 95)), False),
        (late((JOINED, 90), (LEFT, 95)), False),
        (late((JOINED, 90), tries=()), False),
        (late((JOINED, 90), code="0x80070001"), True),
        (late(properties=[*YES, BEFORE]), False),
        (late(properties=[*YES, ("DeviceAuthStatus", "FAILED. Device is disabled", "dsregcmd.txt")]), False),
        (late(), False),
    ],
    ids=[
        "the task", "another join", "the page stood at it", "dsregcmd", "dsregcmd, dated",
        "the page was beyond", "no hybrid join", "in time", "an earlier life", "refused since",
        "left since", "never refused", "another code of the same page", "an earlier dsregcmd",
        "no longer trusted", "not joined",
    ],
)  # fmt: skip
def test_a_join_after_the_page_gave_up_settles_what_the_page_waited_for(proofs, given, found):
    assert (not proofs(RULE, **given).is_empty()) is found


def test_it_says_how_often_and_when_and_leads_in_place_of_the_failure(world):
    found = find(*world(**late((JOINED, 90)))).findings
    lead = found.row(0, named=True)
    assert (lead["rule"], lead["stage"], lead["code"]) == (RULE, "account_setup", REFUSED)
    assert lead["item"] == (
        "joined at 2026-03-02 09:30:00 UTC, 30 min later, after 2 refusals while it waited"
    )
    assert "SkipUserStatusPage" in lead["remedy"]
    assert "HYBRID-JOIN-FAILED" not in set(found["rule"])
    assert dict(found.select("rule", "role").rows())["ESP-TIMEOUT"] == "consequence"


def test_a_join_that_no_record_dates_is_told_by_what_shows_it(proofs):
    rows = proofs(RULE, **late(properties=YES, tries=(20,)))
    assert set(rows["item"]) == {"joined by the time of dsregcmd /status, after 1 refusal while it waited"}
    assert "AzureAdJoined: YES" in rows["quote"].to_list()

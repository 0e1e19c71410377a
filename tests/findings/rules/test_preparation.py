"""Device preparation that ran out of time: what it was at, and what it had not begun."""

import pytest
from findings.rule_worlds import STANDING, at, bad, ended

from autopilot_analysis.findings import answer, find

LATE = {
    "attempts": bad("device_preparation"),
    **ended("device_preparation", "preparation_page_failed", "0x800705B4"),
}
SUITE = {"item": "suite", "name": "Design Suite", "outcome": "unfinished", "started_at": at(45)}
READER = {"item": "reader", "name": "Contoso Reader", "outcome": "never_started"}


def test_what_was_at_work_is_named_before_what_had_not_begun(proofs):
    rows = proofs("PREPARATION-TIMED-OUT", **LATE, installs=[READER, SUITE])
    words = ["Design Suite still at work after 15 min", "Contoso Reader never begun"]
    assert rows["item"].to_list() == ["; ".join(words)] * 3
    assert rows["quote"][1:].to_list() == words
    assert rows["member"][1] == "agent.log"


def test_content_that_had_not_come_and_a_restart_that_had_not_are_called_that(proofs):
    loading = SUITE | {"started_at": None, "download_started_at": at(40)}
    waiting = READER | {"outcome": "waiting"}
    rows = proofs("PREPARATION-TIMED-OUT", **LATE, installs=[loading, waiting])
    assert rows["item"][0] == "Design Suite downloading after 20 min; Contoso Reader waiting"


def test_what_the_policy_does_not_wait_for_is_not_named(proofs):
    others = [SUITE | {"blocking": None}, SUITE | {"kind": "policy"}, SUITE | {"outcome": "succeeded"}]
    assert proofs("PREPARATION-TIMED-OUT", **LATE, installs=others)["item"].to_list() == [None]


def test_the_first_five_are_named_and_the_others_counted(proofs):
    many = [READER | {"item": f"app {n}", "name": f"App {n}"} for n in range(7)]
    named = "; ".join(f"App {n} never begun" for n in range(5))
    assert proofs("PREPARATION-TIMED-OUT", **LATE, installs=many)["item"][0] == f"{named} and 2 others"


STANDS = "PREPARATION-NEVER-ENDED"
DONE = STANDING["installs"]


@pytest.mark.parametrize(
    ("given", "lasted"),
    [
        ({}, "1 h"),
        (
            {
                "installs": [
                    *DONE,
                    {"kind": "script", "item": "x", "outcome": "succeeded", "ended_at": at(21)},
                ]
            },
            "1 h",
        ),
        ({"marks": [("sync_ended", None, 21 + 47 * 60, None, "{}")]}, "47 h"),
    ],
    ids=["an app", "a script too", "days"],
)
def test_a_preparation_whose_work_is_done_stands_from_an_hour_of_good_sessions_on(proofs, given, lasted):
    rows = proofs(STANDS, **STANDING | given)
    assert set(rows["item"]) == {lasted}
    assert rows["quote"][0] in ("Reader: the last to be done", "Example VPN: the last to be done")


def session(minute, code=None):
    return {"marks": [*STANDING["marks"][:-1], ("sync_ended", None, minute, code, "{}")]}


def also(**more):
    return {"installs": [*DONE, {"item": "suite", "name": "Suite"} | more]}


@pytest.mark.parametrize(
    "near",
    [
        session(80),
        session(81, "0x80072EE7"),
        also(outcome="unfinished", started_at=at(20)),
        also(outcome="failed", ended_at=at(19)),
        {"installs": [one | {"ended_at": None} for one in DONE]},
        {"installs": [one | {"blocking": None} for one in DONE]},
        {"steps": [("boot", 60, None, "")]},
        {"events": [("winlogon:7001", {"UserSid": "S-1-12-1-1-2-3-4"}, 60, None)]},
        {"marks": [*STANDING["marks"], ("logon_tasks_done", "desktop", 60, None, "{}")]},
        {"coverage": [("events_autopilot", "present"), ("events_system", "absent")]},
        {"coverage": [("events_autopilot", "partial"), ("events_system", "present")]},
        {"attempts": [("unfinished", None, "user_driven", 0, None, None)]},
        {"attempts": [("succeeded", None, "device_preparation", 0, 30, None)]},
    ],
)
def test_a_preparation_that_works_still_went_on_or_is_not_whole_on_record_is_not_called_standing(
    proofs, near
):
    assert proofs(STANDS, **STANDING | near).is_empty()


def test_what_lies_before_the_last_work_is_no_way_on(proofs):
    before = {"steps": [("boot", 20, None, "")], "events": [("winlogon:7001", {}, 20, None)]}
    assert proofs(STANDS, **STANDING, **before).height == 2


def test_a_restart_is_the_remedy_and_no_cause_is_named(world):
    story = world(**STANDING)
    only = answer(*story, find(*story)).devices[0]
    assert only.verdict.endswith("cause not found")
    assert next(one.lines[0].text for one in only.sections if one.label == "What to do").startswith(
        "Restart the"
    )


@pytest.mark.parametrize(
    ("app", "words"),
    [
        ({"outcome": "succeeded", "ended_at": at(70)}, "Design Suite still at work after 15 min"),
        ({"outcome": "failed", "ended_at": at(70)}, "Design Suite still at work after 15 min"),
        ({"outcome": "succeeded", "ended_at": at(59)}, None),
        ({"outcome": "succeeded", "started_at": at(61), "ended_at": at(70)}, None),
    ],
)
def test_what_came_after_the_time_was_over_was_at_work_when_it_ended(proofs, app, words):
    rows = proofs("PREPARATION-TIMED-OUT", **LATE, installs=[SUITE | app])
    assert rows["item"][0] == words


PROFILE = (
    r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\Diagnostics\AutoPilot",
    "DeploymentProfileName",
    "Classic",
)
ASKS = ("device preparation", "why does it not apply?", "mail.txt", "Asked about")
REGISTERED = {"registered": True, "profile_name": "Classic", "scenario": "user_driven"}
FAILED = [("failed", "device_setup", "user_driven", 0, 60, None)]


@pytest.mark.parametrize(
    ("given", "severities"),
    [
        ({}, {"warning"}),
        ({"attempts": FAILED}, {"info"}),
        ({"properties": []}, set()),
        ({"registry": []}, set()),
        ({"device": {**REGISTERED, "registered": False}}, set()),
        ({"device": {**REGISTERED, "scenario": "device_preparation"}}, set()),
    ],
)
def test_a_profile_of_classic_autopilot_keeps_device_preparation_away(proofs, given, severities):
    world = {"device": REGISTERED, "registry": [PROFILE], "properties": [ASKS], **given}
    found = proofs("PREPARATION-NOT-APPLIED", **world)
    assert set(found["severity"]) == severities
    assert set(found["item"]) == ({"profile Classic"} if severities else set())

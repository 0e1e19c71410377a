"""Device preparation that ran out of time: what it was at, and what it had not begun."""

import pytest
from findings.rule_worlds import at, bad, ended

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

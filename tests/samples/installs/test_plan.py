"""A plan is a list of acts; acts of one name are tries at one item."""

import pytest

from autopilot_analysis.samples.installs.plan import PLANS, Act


@pytest.mark.parametrize("name", PLANS)
def test_every_act_ends_in_a_word_of_the_table_and_fails_with_something_to_see(name):
    plan = PLANS[name]
    for act in (*plan.device, *plan.account):
        assert act.outcome in {
            "succeeded",
            "failed",
            "not_detected",
            "skipped",
            "unfinished",
            "waiting",
            "never_started",
        }
        assert act.download >= 0
        assert act.install >= 0


def test_an_act_succeeds_unless_it_says_otherwise():
    act = Act("Viewer")
    assert (act.kind, act.outcome, act.exit_code, act.blocking, act.beside) == (
        "win32",
        "succeeded",
        0,
        True,
        False,
    )


def test_some_plan_tries_an_item_again():
    names = [[act.name for act in plan.device] for plan in PLANS.values()]
    assert any(len(set(each)) < len(each) for each in names)

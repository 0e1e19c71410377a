"""Rules that could not be asked: their silence is no "nothing found"."""

import pytest

from autopilot_analysis.findings.not_run import NO_RULE, NO_SIGN, rules_not_run, sources_asked


def silent(world, *coverage):
    return dict(rules_not_run(world(coverage=coverage)[0]).select("rule", "why").rows())


@pytest.mark.parametrize("presence", ["present", "partial"])
def test_a_rule_was_asked_where_one_of_its_sources_is_there(world, presence):
    nothing = silent(world)
    asked = silent(world, ("registry_dump", presence))
    could = set(nothing) - set(asked)
    assert could
    assert all("registry_dump" in nothing[rule] for rule in could)


def test_an_absent_source_is_not_there(world):
    assert silent(world, ("registry_dump", "absent")) == silent(world)


def test_what_no_export_can_hold_stays_unasked_whatever_is_there(world):
    everything = silent(world, *((source, "present") for source in sources_asked()))
    assert everything
    assert not any(why.startswith("none of its sources") for why in everything.values())
    assert {NO_SIGN, NO_RULE} & set(everything.values())


def test_the_sources_that_rules_ask_hold_the_logs_of_autopilot_and_of_management():
    assert {"events_autopilot", "events_mdm_admin", "registry_dump", "dsregcmd"} <= sources_asked()

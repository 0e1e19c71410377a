"""Apps that were not tried because an app that they depend on did not come, and those beside them."""

from __future__ import annotations

import pytest
from findings.agent_lines import AgentLog

SUITE, RUNTIME, OTHER, BASE = "Example Suite", "Example Runtime", "Example Reader", "Example Base"
ONE = f"{RUNTIME}, so that {SUITE} was not tried"
ALONE = [("ESP-DEPENDENCY-FAILED", ONE)]


def causes(found):
    return found.filter(found["role"] == "cause").select("rule", "item").rows()


def drawn_in(log, before=None, after=None, *, graph=True, fails=1603):
    """The suite waits for its runtime, whose installer fails, and the page counts the suite as failed."""
    log.graph(*([RUNTIME, SUITE] if graph else [RUNTIME])).detected(SUITE, there=False)
    log.told(SUITE, "NotInstalled", "InProgress")
    if before:
        log.state(SUITE, None, before)
    log.launched(RUNTIME).ends(fails).badly(RUNTIME, tracked=False)
    if after:
        log.state(SUITE, before, after, 0x80070643)
    return log.told(SUITE, "InProgress", "Error")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("InProgressPendingDependency", "FailedDependency"),
        ("InProgressWaitingForDependencies", "ErrorWithDependencies"),
        (None, "DependencyFailedToInstall"),
        (None, "DependencyWithRequirementsNotMet"),
        (None, None),
    ],
)
def test_an_app_that_was_not_tried_and_the_one_it_depends_on_are_one_finding(tmp_path, before, after):
    log = AgentLog().page(SUITE).policies(SUITE, RUNTIME, needs=[RUNTIME])
    found = drawn_in(log, before, after).found(tmp_path)
    assert causes(found) == ALONE
    assert not set(found["rule"]) & {"ESP-APP-FAILED", "ESP-APP-LISTED-FAILED", "APP-DEPENDENCY"}


@pytest.mark.parametrize(("graph", "expected"), [(True, ALONE), (False, [("ESP-APP-FAILED", RUNTIME)])])
def test_without_a_policy_the_apps_that_are_taken_up_together_name_the_other(tmp_path, graph, expected):
    log = drawn_in(AgentLog().page(SUITE), None, "FailedDependency", graph=graph)
    assert causes(log.found(tmp_path)) == expected


def test_without_a_policy_and_without_a_word_of_the_agent_two_apps_stay_two(tmp_path):
    found = drawn_in(AgentLog().page(SUITE)).found(tmp_path)
    assert {rule for rule, _ in causes(found)} == {"ESP-APP-FAILED", "ESP-APP-LISTED-FAILED"}


def test_a_supersedence_is_no_dependency(tmp_path):
    log = AgentLog().page(SUITE).policies(SUITE, RUNTIME, needs=[RUNTIME], kind=1)
    assert causes(drawn_in(log).found(tmp_path)) != ALONE


def test_what_is_needed_through_another_is_named_with_all_that_were_not_tried(tmp_path):
    log = AgentLog().page(SUITE).policies(SUITE, RUNTIME, BASE, needs=[RUNTIME])
    log.policies(RUNTIME, BASE, needs=[BASE]).graph(BASE, RUNTIME, SUITE)
    log.launched(BASE).ends(1603).badly(BASE, tracked=False)
    for name in (RUNTIME, SUITE):
        log.state(name, None, "FailedDependency", 0x80070643)
    found = log.told(SUITE, "InProgress", "Error").found(tmp_path)
    ((rule, item),) = causes(found)
    assert rule == "ESP-DEPENDENCY-FAILED"
    assert item.startswith(f"{BASE}, so that ")
    assert item.endswith(" were not tried")
    assert {RUNTIME, SUITE} <= set(item.removesuffix(" were not tried").split("so that ")[1].split(" and "))


def test_an_app_whose_dependency_came_fails_by_itself(tmp_path):
    log = AgentLog().page(SUITE).policies(SUITE, RUNTIME, needs=[RUNTIME]).graph(RUNTIME, SUITE)
    log.launched(RUNTIME).ends(0).detected(RUNTIME, there=True).state(RUNTIME, "InProgress", "Success", 0)
    found = log.launched(SUITE).ends(1603).badly(SUITE).found(tmp_path)
    assert causes(found) == [("ESP-APP-FAILED", SUITE)]


@pytest.mark.parametrize(("fails", "rule"), [(0, "ESP-APP-NOT-DETECTED"), (1618, "ESP-INSTALLER-BUSY")])
def test_where_another_rule_tells_of_the_dependency_the_app_is_context(tmp_path, fails, rule):
    log = AgentLog().page(SUITE).policies(SUITE, RUNTIME, needs=[RUNTIME])
    found = drawn_in(log, fails=fails).found(tmp_path)
    assert causes(found) == [(rule, RUNTIME)]
    assert f"{SUITE}, which depends on {RUNTIME}" in found["item"].to_list()


def test_without_a_page_the_app_that_failed_names_the_other(tmp_path):
    log = AgentLog().policies(SUITE, RUNTIME, needs=[RUNTIME]).graph(RUNTIME, SUITE)
    log.launched(RUNTIME).ends(1603).badly(RUNTIME, tracked=False)
    found = log.state(SUITE, None, "FailedDependency", 0x80070643).found(tmp_path)
    assert causes(found) == [("APP-FAILED-UNPLACED", ONE)]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ([OTHER], [("ESP-APP-FAILED", OTHER)]),
        ([OTHER, SUITE], [("ESP-APP-FAILED", n) for n in (SUITE, OTHER)]),
    ],
)
def test_an_app_that_the_agent_did_not_name_to_the_page_is_no_cause_beside_one_that_it_named(
    tmp_path, named, expected
):
    log = AgentLog().page(*named).policies(OTHER, SUITE)
    found = log.fails(SUITE, tracked=SUITE in named).fails(OTHER).found(tmp_path)
    assert sorted(causes(found)) == sorted(expected)
    assert ("ESP-APP-UNTRACKED-FAILED" in set(found["rule"])) == (SUITE not in named)

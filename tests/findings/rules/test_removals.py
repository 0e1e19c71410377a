"""Apps that could not be removed on the status page, and what was not begun for that."""

import json

import pytest
from findings.rule_worlds import at

from autopilot_analysis.findings import find

NEW, OLD, OTHER = (f"{n}{n}111111-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
RULE = "ESP-APP-NOT-REMOVED"
REMOVAL = json.dumps({"action": "uninstall"})
GRAPH = "[Win32App][V3Processor] Processing subgraph with app ids: {}"
BOTH = [("info", GRAPH.format(f"{NEW.upper()}, {OLD}"))]


def removed(**how):
    """A try to remove the older version, which the page itself does not track."""
    return {
        "item": OLD, "name": "Reader 23", "blocking": None, "outcome": "failed", "exit_code": 1603,
        "code": "0x80070643", "detail": REMOVAL, "started_at": at(20), "ended_at": at(21), "detected": True,
    } | how  # fmt: skip


def idle(**how):
    """The newer version, which was not begun."""
    return {"item": NEW, "name": "Reader 24", "outcome": "failed"} | how


def page(failure, *installs, **more):
    return failure("device_setup", code="0x80070643") | {"installs": installs, "lines": BOTH} | more


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {}),
        ({"outcome": "not_detected", "exit_code": 0, "code": None}, {}),
        ({}, {"outcome": "never_started"}),
        ({}, {"outcome": "waiting"}),
        ({"name": None}, {"name": None}),
    ],
    ids=["fails", "leaves it in place", "never started", "waits", "without names"],
)
def test_an_app_that_could_not_be_removed_is_named_with_what_was_not_begun_for_it(proofs, failure, old, new):
    rows = proofs(RULE, **page(failure, removed(**old), idle(**new)))
    name = "Reader 23, and not begun because of it: Reader 24"
    assert set(rows["item"]) == {
        name if old.get("name", name) else f"{OLD}, and not begun because of it: {NEW}"
    }
    assert rows["severity"].to_list() == [None, None]
    assert rows["quote"][0].startswith("its removal (execution type Uninstall): outcome ")
    assert rows["quote"][0].endswith("; it was found afterwards")


def test_neither_the_removal_nor_what_hung_on_it_counts_as_a_failed_installation(world, failure):
    found = find(*world(**page(failure, removed(), idle()))).findings
    assert found["rule"][0] == RULE
    assert {"ESP-APP-FAILED", "APP-NEVER-STARTED", "APP-EXIT-CODE-UNMAPPED"}.isdisjoint(found["rule"])
    left = find(
        *world(**page(failure, removed(outcome="not_detected"), idle(outcome="never_started")))
    ).findings
    assert {"ESP-APP-NOT-DETECTED", "APP-NEVER-STARTED"}.isdisjoint(left["rule"])


@pytest.mark.parametrize(
    "new",
    [
        {"started_at": at(25)},
        {"download_started_at": at(25)},
        {"exit_code": 1603},
        {"outcome": "succeeded"},
    ],
    ids=["its installer began", "its download began", "it ended with a code", "it is there"],
)
def test_an_app_that_was_begun_did_not_hang_on_the_removal(proofs, failure, new):
    assert set(proofs(RULE, **page(failure, removed(), idle(**new)))["item"]) == {"Reader 23"}


@pytest.mark.parametrize(
    ("links", "lines", "severity"),
    [
        (None, BOTH, None),
        ([{"app": NEW, "child": OLD, "action": 20}], [], None),
        (None, [("info", GRAPH.format(NEW)), ("info", GRAPH.format(OLD))], "warning"),
        ([{"app": NEW, "child": OTHER, "action": 20}], [], "warning"),
    ],
    ids=["one graph", "its policy", "two graphs", "another's policy"],
)
def test_only_apps_of_one_graph_hang_together(proofs, failure, links, lines, severity):
    new = idle(detail=json.dumps({"links": links}) if links else None)
    rows = proofs(RULE, **page(failure, removed(), new) | {"lines": lines})
    assert rows["severity"][0] == severity


def test_an_unrelated_removal_does_not_come_before_an_app_that_failed_to_install(world, failure):
    failed = {"item": OTHER, "name": "Suite", "outcome": "failed", "exit_code": 1603, "code": "0x80070643",
              "started_at": at(30), "ended_at": at(31)}  # fmt: skip
    found = find(*world(**page(failure, removed(), failed, lines=[]))).findings
    assert found["rule"].to_list()[:2] == ["ESP-APP-FAILED", RULE]
    assert found["severity"].to_list()[:2] == ["critical", "warning"]


@pytest.mark.parametrize(
    "old",
    [{"outcome": "succeeded"}, {"detail": None}, {"phase": "account"}],
    ids=["well", "install", "phase"],
)
def test_a_removal_that_went_well_an_installation_or_another_phase_is_none(proofs, failure, old):
    assert proofs(RULE, **page(failure, removed(**old), idle())).is_empty()

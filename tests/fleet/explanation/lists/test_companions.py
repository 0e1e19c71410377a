"""Which other policy stands where one is in conflict."""

from __future__ import annotations

import pytest
from findings.service_tables import status, table

from autopilot_analysis.fleet.explanation.lists.companions import (
    companions_asked,
    with_companions,
)
from autopilot_analysis.fleet.explanation.lists.questions import questions_of_items

REPORT = "DeviceConfigurationPolicyStatuses"


def policy(name, devices, state="Succeeded", **more):
    return [
        status(f"{name}-{n}", state, report=REPORT, item=None, name=name, computer=f"PC-{n}", **more)
        for n in devices
    ]


def lock(hit, whole=60):
    """A policy in conflict on some devices and well on the others."""
    return policy("Lock", hit, "Conflict") + policy("Lock", [n for n in range(whole) if n not in hit])


def told(rows, more=0):
    statuses = table("item_statuses", rows)
    items = questions_of_items(statuses, table("identities", []))
    pairs = companions_asked(items, statuses)
    return list(with_companions(items, pairs, len(items) + len(pairs) + more))


def test_the_policy_that_stands_where_another_is_in_conflict_is_named_with_both_shares():
    (one,) = told(lock(range(16)) + policy("Baseline", range(18)) + policy("Firewall", range(60)))
    assert one.title == (
        "Lock is in conflict on 16 of 18 (89 %, 67 to 97 %) devices that have Baseline as well, on 0 of 42 "
        "(0 %, 0 to 8 %) without it"
    )
    assert one.subject == ("conflict", "None", "Lock")
    assert one.finding["remedy"].startswith("Compare Lock with Baseline on one of these devices")
    assert one.contrast.select("k", "n", "rest_k", "rest_n").row(0) == (16, 18, 0, 42)


def test_two_policies_on_the_very_same_devices_are_both_named():
    (one,) = told(lock(range(16)) + policy("Base 23H2", range(18)) + policy("Base 24H2", range(18)))
    assert "devices that have Base 23H2 or Base 24H2 as well" in one.title


@pytest.mark.parametrize(
    "other",
    [
        policy("Spread", range(0, 60, 2)),
        policy("All", range(60)),
        policy("Away", range(20, 60)),
        policy("Unasked", range(16), "Not applicable"),
        [{**row, "report": "DeviceInstallStatusByApp"} for row in policy("App", range(18), "1")],
        policy("Rare", range(3)),
    ],
)
def test_a_policy_that_parts_no_conflict_or_no_policy_is_not_named(other):
    assert told(lock(range(16)) + other) == []


def test_every_pair_that_was_compared_counts():
    rows = lock([*range(5), 30, 31]) + policy("Baseline", range(10))
    assert len(told(rows)) == 1
    assert told(rows, more=4000) == []


def test_a_policy_beside_which_conflicts_are_not_clearly_more_frequent_is_not_named():
    rows = lock([*range(190), *range(200, 299)], 400) + policy("Baseline", range(200))
    assert told(rows) == []


def test_a_policy_that_a_minority_of_the_devices_in_conflict_have_is_not_named():
    assert told(lock(range(40), 400) + policy("Baseline", range(18))) == []
    assert len(told(lock(range(34), 400) + policy("Baseline", range(18)))) == 1

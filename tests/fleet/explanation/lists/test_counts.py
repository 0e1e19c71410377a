"""Apps of one report: one beyond all others is named, chance and small numbers name none."""

from __future__ import annotations

import json

import numpy as np
import pytest
from findings.service_tables import status, tables_of

from autopilot_analysis.findings.service.devices import POLICIES_COUNTED
from autopilot_analysis.fleet import explain_lists, find_in_lists
from autopilot_analysis.fleet.explanation.lists.counts import COMPARED, outstanding_apps
from autopilot_analysis.fleet.explanation.lists.lists import (
    NO_APP,
    NO_GROUPS,
    NOT_ASKED,
    NOT_COMPARED,
    NOTHING_OF_ITEMS,
    TOO_FEW,
    compare_lists,
    nothing_in,
)


def counts(*apps):
    """Tables of apps from (failed, installed)."""
    rows = [
        {"item": f"app-{n}", "name": f"App {n}", "failed": failed, "installed": well, "not_applicable": 90}
        for n, (failed, well) in enumerate(apps)
    ]
    return tables_of(item_counts=rows)


USUAL = [(n % 5, 280 + n) for n in range(11)]


def test_a_policy_that_is_counted_is_no_app_that_stands_out():
    policies = counts((60, 240), *USUAL)
    rows = policies.item_counts.to_dicts()
    assert titles(tables_of(item_counts=[{**row, "report": POLICIES_COUNTED} for row in rows])) == []


def titles(tables):
    return [one.title for one in compare_lists(tables.frames())]


def test_the_app_whose_share_lies_above_that_of_every_other_is_named_with_both_shares():
    tables = counts((60, 240), *USUAL)
    assert titles(tables) == [
        "App 0 failed on 60 of 300 (20 %, 16 to 25 %) devices, the 11 other apps on 20 of 3,155 (1 %, 0 to "
        "1 %), none of them above 4 of 288 (1 %, 1 to 4 %)"
    ]
    (contrast,) = json.loads(explain_lists(tables.frames()).to_json())["contrasts"]
    assert (contrast["where"], contrast["k"], contrast["n"]) == ({"failed": "App 0"}, 60, 300)
    rules = find_in_lists(tables).findings["rule"].to_list()
    assert rules[:2] == ["FLEET-ITEM-FAILED", "FLEET-GROUP"]


def test_two_apps_beyond_all_others_are_both_named_and_three_are_none():
    assert len(titles(counts((60, 240), (55, 245), *USUAL))) == 2
    assert titles(counts((60, 240), (55, 245), (50, 250), *USUAL)) == []


@pytest.mark.parametrize(
    "apps",
    [
        USUAL,  # none
        [(9, 291), *USUAL],  # its interval meets that of another
        [(3, 30), *[(0, 3000)] * 9],  # three are few
        [(9, 20), *[(0, 3000)] * 9],  # on 29 devices
        [(60, 240), *USUAL[:2]],  # beside two others nothing is usual
    ],
)
def test_what_chance_may_show_and_what_is_few_names_no_app(apps):
    assert titles(counts(*apps)) == []


def test_four_on_thirty_devices_beside_three_apps_are_enough():
    assert len(titles(counts((4, 26), *[(0, 3000)] * 3))) == 1


def test_apps_that_fail_alike_are_hardly_ever_called_apart():
    rng = np.random.default_rng(19)
    drawn = [rng.binomial(300, 0.02, 12) for _ in range(150)]
    made = [counts(*((int(k), 300 - int(k)) for k in each)).item_counts for each in drawn]
    assert sum(any(outstanding_apps(apps)) for apps in made) <= 1


def test_a_list_of_counts_in_which_none_stands_out_does_not_ask_for_more_failures():
    assert nothing_in(counts(*USUAL).frames()) == NO_APP
    assert nothing_in(counts(*USUAL[:3]).frames()) == TOO_FEW


def test_devices_that_are_not_compliant_are_compared_and_each_counts_once():
    states = ["noncompliant" if n % 25 == 0 else "compliant" for n in range(300)]
    rows = [
        {"device": f"D-{n}", "report": report, "compliance_state": state, "model": "AB"[n % 2]}
        for report in ("managedDevices", "Devices")
        for n, state in enumerate(states)
    ]
    even = tables_of(identities=rows)
    assert titles(even) == []
    assert nothing_in(even.frames()).startswith("No group stands out in its rows: ")
    worse = [
        {**row, "compliance_state": "noncompliant" if row["model"] == "B" else "compliant"} for row in rows
    ]
    (title,) = titles(tables_of(identities=worse))
    assert title == (
        "Not compliant with model B: 150 of 150 (100 %, 98 to 100 %) managed devices, of the others 0 of 150 "
        "(0 %, 0 to 2 %)"
    )
    unknown = [{**row, "compliance_state": "inGracePeriod"} for row in rows]
    assert nothing_in(tables_of(identities=unknown).frames()) == NOT_ASKED


WORDS = {
    "AutopilotV2DeploymentStatusDetailedScriptInfo": ("failed", "installed"),
    "DeviceConfigurationPolicyStatuses": ("error", "compliant"),
}


def rows(*apps, report="DeviceInstallStatusByApp", **more):
    """Tables of rows from (failed, installed) of each app, one device a row."""
    bad, good = WORDS.get(report, ("2", "1"))
    states = [
        status(f"D-{d}", bad if d < failed else good, report=report, item=f"app-{n}", name=f"App {n}", **more)
        for n, (failed, well) in enumerate(apps)
        for d in range(failed + well)
    ]
    return tables_of(item_statuses=states)


PLANTED = ((78, 147), (9, 216), (4, 221), (3, 222))


@pytest.mark.parametrize(
    ("report", "items"),
    [
        ("DeviceInstallStatusByApp", "apps"),
        ("DeviceRunStatesByScript", "scripts"),
        ("AutopilotV2DeploymentStatusDetailedScriptInfo", "scripts"),
    ],
)
def test_the_app_beyond_all_others_of_a_list_of_devices_is_named_like_one_that_is_counted(report, items):
    tables = rows(*PLANTED, report=report)
    assert titles(tables) == [
        f"App 0 failed on 78 of 225 (35 %, 29 to 41 %) devices, the 3 other {items} on 16 of 675 (2 %, 1 to "
        "4 %), none of them above 9 of 225 (4 %, 2 to 7 %)"
    ]
    (contrast,) = json.loads(explain_lists(tables.frames()).to_json())["contrasts"]
    assert (contrast["where"], contrast["k"], contrast["n"]) == ({"failed": "App 0"}, 78, 225)
    found = find_in_lists(tables).findings
    assert found["rule"].to_list()[:2] == ["FLEET-ITEM-FAILED", "FLEET-GROUP"]
    assert found["item"].to_list()[:2] == ["App 0", "App 0"]


def test_a_device_counts_once_for_each_app_whatever_its_users_saw():
    tables = rows(*PLANTED)
    twice = [{**row, "user": user} for row in tables.item_statuses.to_dicts() for user in ("a", "b")]
    assert titles(tables_of(item_statuses=twice)) == titles(tables)


def test_apps_of_a_list_that_fail_alike_or_are_few_name_none_and_the_answer_tells_which():
    alike = rows((7, 218), (9, 216), (4, 221), (3, 222))
    assert titles(alike) == []
    assert nothing_in(alike.frames()) == f"{NOTHING_OF_ITEMS} {NO_GROUPS}"
    for several in (2, 3):
        assert titles(rows(*[(9, 216), (7, 218), (8, 217)][:several])) == []
        told = nothing_in(rows(*[(9, 216), (7, 218), (8, 217)][:several]).frames())
        assert told == f"{NOTHING_OF_ITEMS} {NO_GROUPS}"
    few = rows(*((k // 9, n // 9) for k, n in PLANTED))
    assert titles(few) == []
    assert nothing_in(few.frames()) == f"{NO_GROUPS} {NOT_COMPARED}"


@pytest.mark.parametrize(
    ("apps", "others"),
    [
        (
            PLANTED[:3],
            "the 2 other apps on 13 of 450 (3 %, 2 to 5 %), none of them above 9 of 225 (4 %, 2 to 7 %)",
        ),
        (PLANTED[:2], "the other app on 9 of 225 (4 %, 2 to 7 %)"),
    ],
)
def test_an_app_is_named_beside_one_or_two_others_on_enough_devices(apps, others):
    assert titles(rows(*apps)) == [f"App 0 failed on 78 of 225 (35 %, 29 to 41 %) devices, {others}"]


def test_beside_few_others_less_than_twice_as_often_is_not_named():
    assert titles(rows((300, 200), (200, 300))) == []
    assert titles(rows((440, 60), (200, 300))) != []


def coded(*apps):
    """Tables of apps, each from (code, failures with it) and, last, how many went well."""
    made = []
    for n, (*codes, well) in enumerate(apps):
        states = [("2", code) for code, number in codes for _ in range(number)] + [("1", None)] * well
        made += [status(f"D-{d}", *one, item=f"app-{n}", name=f"App {n}") for d, one in enumerate(states)]
    return tables_of(item_statuses=made)


ELSEWHERE = (("0x80070643", 8), ("0x80070002", 7), 405)


def test_the_code_that_only_one_app_has_stands_beside_it():
    own = (("0x87D1041C", 87), ("0x80070643", 9), 324)
    (title,) = titles(coded(own, ELSEWHERE, ELSEWHERE))
    assert title.endswith("; 87 of its 96 failures with 0x87D1041C, of those of the others 0 of 30")
    none_else = titles(coded(own, (420,)))
    assert none_else[0].endswith(
        "the other app on 0 of 420 (0 %, 0 to 1 %); 87 of its 96 failures with 0x87D1041C"
    )


def test_a_code_that_all_have_is_no_ones_own():
    alike = (("0x80070643", 51), ("0x80070002", 45), 324)
    (title,) = titles(coded(alike, ELSEWHERE, ELSEWHERE))
    assert "with 0x" not in title


def test_the_app_with_most_devices_and_most_failures_at_the_same_rate_is_not_named():
    assert titles(rows((90, 1910), (9, 191), (10, 190))) == []


def test_apps_are_compared_neither_with_scripts_nor_with_policies():
    own = [
        rows(PLANTED[0] if n % 2 else PLANTED[3], report=report).item_statuses
        for n, report in enumerate(COMPARED)
    ]
    apart = [row for table in own for row in table.to_dicts()]
    assert titles(tables_of(item_statuses=apart)) == []
    policies = rows(*PLANTED, report="DeviceConfigurationPolicyStatuses")
    assert find_in_lists(policies).findings["item"][0] == "App 0"
    assert titles(policies) == []
    assert nothing_in(policies.frames()) == NO_GROUPS

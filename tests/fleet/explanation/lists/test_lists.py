"""Lists of the service as a whole: findings behind each failure, and the shape of an explanation."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from findings.service_tables import GOOD, failure, status, tables_of

from autopilot_analysis import answer
from autopilot_analysis.findings.service.answer import verdict_of_lists
from autopilot_analysis.fleet import explain_lists, find_in_lists
from autopilot_analysis.fleet.explanation.lists.lists import (
    FEW_COUNTED,
    NO_GROUPS,
    NOT_ASKED,
    NOT_KNOWN,
    NOTHING,
    NOTHING_BUT_GROUPS,
    TOO_FEW,
    nothing_in,
)
from autopilot_analysis.tables import Trace

DAY = datetime(2026, 5, 4, 8, tzinfo=UTC)


def both():
    """An app whose new version fails, and enrolments of one account that are refused."""
    items = [
        status(
            f"D-{n}",
            "2" if n >= 28 else "1",
            "0x80070643" if n >= 28 else None,
            version="2" if n >= 26 else "1",
        )
        for n in range(44)
    ]
    refused = [failure(f"E-{n}", user="tech", failure_text="DeviceCapReached", at=DAY) for n in range(6)]
    return tables_of(item_statuses=items, enrollment_failures=refused)


def test_what_comparing_shows_stands_behind_the_failure_that_it_is_about():
    tables = both()
    found = find_in_lists(tables)
    assert found.findings.select("id", "rule", "role").rows() == [
        (1, "FLEET-ITEM-FAILED", "cause"),
        (2, "FLEET-GROUP", "context"),
        (3, "FLEET-ENROLLMENT-FAILED", "cause"),
        (4, "FLEET-ONE-ACTOR", "context"),
    ]
    assert found.evidence.filter(finding=2)["quote"].to_list() == [
        "Map failed with version 2 on 16 of 18 (89 %, 67 to 97 %), with the others on 0 of 26 "
        "(0 %, 0 to 13 %)"
    ]
    assert verdict_of_lists(tables, found) == "2 kinds of failure"
    (told,) = answer(tables, Trace.of({}), found).devices
    assert told.verdict == (
        "Map failed with version 2 on 16 of 18 (89 %), with the others on 0 of 26 (0 %); 2 kinds of failure"
    )


def test_an_explanation_of_lists_has_the_shape_of_any_other_and_names_what_failed():
    frames = both().frames()
    explained = json.loads(explain_lists(frames).to_json())
    (group,) = explained["contrasts"]
    assert group["where"] == {"failed": "Map", "version": "2"}
    assert (group["n"], group["k"]) == (18, 16)
    assert (explained["changes"], explained["of_all"]) == ([], 0)


def test_a_rise_stands_among_the_changes_with_what_was_changed_nearby():
    rows = [failure(f"E-{n}", failure_text="Other", at=DAY + timedelta(days=n * 2)) for n in range(14)]
    rows += [
        failure(f"F-{n}", failure_text="Blocked", at=DAY + timedelta(days=18 + n * 0.4)) for n in range(22)
    ]
    changed = [{"at": DAY + timedelta(days=17), "operation": "Patch", "target": "Restriction"}]
    tables = tables_of(enrollment_failures=rows, audit_changes=changed)
    found = find_in_lists(tables).findings.filter(rule="FLEET-DAY")
    assert found["meaning"][0].endswith("Changed near that day: Patch: Restriction.")
    (change,) = json.loads(explain_lists(tables.frames()).to_json())["changes"]
    assert (change["where"], change["measure"]) == ({"failed": "Blocked"}, "failures a day")


def test_lists_in_which_nothing_differs_are_findings_of_their_rows_alone():
    rows = [status(f"D-{n}", "2" if n % 3 else "1", version=str(n % 2)) for n in range(30)]
    assert find_in_lists(tables_of(item_statuses=rows)).findings["rule"].to_list() == ["FLEET-ITEM-FAILED"]


def test_where_no_column_divides_the_devices_nothing_is_called_chance():
    rows = [status(f"D-{n}", "2" if n % 3 else "1") for n in range(30)]
    assert nothing_in(tables_of(item_statuses=rows).frames()) == NO_GROUPS
    alike = [{**row, "model": "Slate 4"} for row in rows]
    assert nothing_in(tables_of(item_statuses=alike).frames()) == NO_GROUPS
    two = [{**row, "model": f"Slate {n % 2}"} for n, row in enumerate(rows)]
    assert nothing_in(tables_of(item_statuses=two).frames()) == (
        f"{NOTHING.format('group')} Compared were model; what its columns do not name, such as the network "
        "or the site of a device, was not."
    )


@pytest.mark.parametrize(
    ("state", "told"), [("Perplexed", NOT_KNOWN), (None, NOT_KNOWN), ("1", TOO_FEW), ("2", TOO_FEW)]
)
def test_where_states_are_not_understood_the_failures_are_not_called_few(state, told):
    rows = [status("D-0", "1"), status("D-1", state)]
    assert nothing_in(tables_of(item_statuses=rows).frames()) == told


def test_only_what_was_compared_is_said_not_to_stand_out():
    rows = [
        {"device": f"D-{n}", "report": "managedDevices", "compliance_state": state}
        for n, state in enumerate(["compliant", "noncompliant", "noncompliant"] * 20)
    ]
    assert nothing_in(tables_of(identities=rows).frames()) == NO_GROUPS
    dated = [{**row, "enrolled_at": DAY + timedelta(days=n // 3)} for n, row in enumerate(rows)]
    told = nothing_in(tables_of(identities=dated).frames())
    assert told == f"{NOTHING_BUT_GROUPS.format('day')} {NO_GROUPS}"


def test_many_registered_devices_in_one_state_are_not_called_too_few():
    def told(number):
        states = ["notAssigned" if n < number else "assignedInSync" for n in range(60)]
        rows = [
            {**GOOD, "device": f"D-{n}", "model": "AB"[n % 2], "profile_state": state}
            for n, state in enumerate(states)
        ]
        return nothing_in(tables_of(identities=rows).frames())

    assert told(3) == TOO_FEW
    assert told(5).startswith(f"{NOTHING.format('group')} Compared were model; ")


def test_counts_of_too_few_apps_are_not_called_too_few_failures():
    one = {"report": "AppInstallStatusAggregate", "item": "a", "name": "Map", "failed": 9, "installed": 80}
    assert nothing_in(tables_of(item_counts=[one]).frames()) == FEW_COUNTED
    assert nothing_in(tables_of(item_counts=[{**one, "failed": 3}]).frames()) == TOO_FEW


def test_states_that_no_question_is_about_are_not_called_too_few():
    rows = [
        {"device": f"D-{n}", "report": "managedDevices", "management_state": "wipeFailed"} for n in range(5)
    ]
    assert nothing_in(tables_of(identities=rows).frames()) == NOT_ASKED
    assert nothing_in(tables_of(identities=rows[:3]).frames()) == TOO_FEW


def test_what_differs_in_a_policy_that_is_not_met_stands_behind_it():
    rows = [
        status(
            f"D-{n}",
            "nonCompliant" if n < 16 else "compliant",
            report="DevicePolicySettingsComplianceReport",
            model="Slate 4" if n < 20 else "Note 7",
        )
        for n in range(60)
    ]
    found = find_in_lists(tables_of(item_statuses=rows)).findings
    assert found["rule"].to_list() == ["FLEET-POLICY-UNMET", "FLEET-GROUP"]


def test_failures_of_a_list_of_all_enrolments_are_told_among_all():
    rows = [
        failure(f"D-{n}", report="EnrollmentActivity", failure_text="Cap" if n < 5 else None)
        for n in range(60)
    ]
    titles = find_in_lists(tables_of(enrollment_failures=rows)).findings["title"]
    assert titles.to_list() == ["Enrolment failed 5 times of 60: Cap"]
    alone = [{**row, "report": "DeviceEnrollmentFailures"} for row in rows]
    titles = find_in_lists(tables_of(enrollment_failures=alone)).findings["title"]
    assert titles.to_list() == ["Enrolment failed 5 times: Cap"]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("NotSupported", "NotSupported (0x80180022)"),
        ("Refused with 0x80180022", "Refused with 0x80180022"),
        (None, "no reason is given (0x80180022)"),
    ],
)
def test_a_code_that_the_reason_states_is_not_told_twice(reason, told):
    rows = [failure("D-1", failure_text=reason, code="0x80180022")]
    (title,) = find_in_lists(tables_of(enrollment_failures=rows)).findings["title"]
    assert title == f"Enrolment failed 1 time: {told}"


def test_an_item_without_a_name_is_called_by_what_it_is_and_its_id():
    item = "0f1e2d3c-0000-4000-8000-000000000001"
    rows = [status(f"D-{n}", "3", name=None, item=item, report="FeatureUpdateDeviceState") for n in range(2)]
    rows += [status("D-9", "error", name=None, item="word", report="FeatureUpdateDeviceState")]
    titles = find_in_lists(tables_of(item_statuses=rows)).findings["title"].to_list()
    assert titles[-1].startswith("word failed")
    rows = [{**row, "state": "error"} for row in rows[:2]]
    titles = find_in_lists(tables_of(item_statuses=rows)).findings["title"].to_list()
    assert titles == [f"Update policy {item} failed on 2 of 2 devices"]


@pytest.mark.parametrize("failing", ["fr.example.com", ""])
def test_the_domain_of_the_users_is_a_group_of_a_list_too(failing):
    rows = []
    for n in range(160):
        domain = ("example.com", "fr.example.com")[n % 2]
        bad = n % 5 == 0 or (domain == failing and n % 4 != 3)
        own = {"version": "1", "user": f"u{n}@{domain}"}
        rows.append(status(f"D-{n}", "2" if bad else "1", **own))
    frames = tables_of(item_statuses=rows).frames()
    where = [one["where"] for one in json.loads(explain_lists(frames).to_json())["contrasts"]]
    assert where == ([{"failed": "Map", "user_domain": failing}] if failing else [])
    assert failing or nothing_in(frames).startswith(
        f"{NOTHING.format('group and no single account')} Compared were user domain; "
    )


def managed_devices(*groups):
    """Managed devices as (how many, compliant, encrypted, model)."""
    rows = [group[1:] for group in groups for _ in range(group[0])]
    states = {True: "compliant", False: "noncompliant"}
    return tables_of(
        identities=[
            {"device": f"D-{n}", "report": "managedDevices", "compliance_state": states[compliant],
             "encrypted": encrypted, "model": model}
            for n, (compliant, encrypted, model) in enumerate(rows)
        ]
    )  # fmt: skip


def test_devices_that_are_not_encrypted_are_compared_and_told_as_those_that_are_not_compliant():
    tables = managed_devices(
        (62, False, False, "Slate 12"), (18, True, True, "Slate 12"), (19, False, False, "Desk"),
        (300, True, True, "Desk"),
    )  # fmt: skip
    found = find_in_lists(tables).findings
    assert found["rule"].to_list() == [
        "FLEET-DEVICE-NONCOMPLIANT", "FLEET-GROUP", "FLEET-DEVICE-UNENCRYPTED", "FLEET-GROUP",
    ]  # fmt: skip
    first, second = found.filter(rule="FLEET-GROUP").select("title", "meaning", "remedy").rows()
    assert first[0].startswith("Not compliant with model Slate 12: 62 of 80 (78 %")
    assert second[0].startswith("Not encrypted with model Slate 12: 62 of 80 (78 %")
    assert first[1].startswith("Of these 62 devices 62 are not encrypted as well. ")
    assert second[2].startswith("Look at one device of this group in the encryption report of Intune")
    assert first[2] == second[2]


def test_states_that_differ_by_model_and_meet_on_few_devices_are_not_told_as_the_same():
    tables = managed_devices(
        (40, False, True, "Slate 12"), (40, True, False, "Slate 12"), (319, True, True, "Desk")
    )
    meanings = find_in_lists(tables).findings.filter(rule="FLEET-GROUP")["meaning"].to_list()
    assert len(meanings) == 2
    assert not any("as well" in meaning for meaning in meanings)


def test_three_of_four_of_a_small_model_say_nothing():
    tables = managed_devices(
        (3, True, False, "Tiny"),
        (1, True, True, "Tiny"),
        (12, True, False, "Desk"),
        (200, True, True, "Desk"),
    )
    assert find_in_lists(tables).findings["rule"].to_list() == ["FLEET-DEVICE-UNENCRYPTED"]


def policy_states(*groups):
    """States of one policy as (how many, state, how names begin)."""
    rows = [group[1:] for group in groups for _ in range(group[0])]
    return tables_of(
        item_statuses=[
            status(
                f"D-{n}", state, report="DeviceConfigurationPolicyStatuses", computer=f"{site}-{n:05}", at=DAY
            )
            for n, (state, site) in enumerate(rows)
        ]
    )


def test_a_conflict_is_compared_by_how_names_of_devices_begin():
    tables = policy_states((46, "conflict", "FRA"), (7, "compliant", "FRA"), (4, "conflict", "MUC"),
                           (100, "compliant", "MUC"), (100, "compliant", "HAM"))  # fmt: skip
    _, group = find_in_lists(tables).findings.select("rule", "title", "remedy").rows()
    assert group[:2] == (
        "FLEET-GROUP",
        "Map is in conflict with device name prefix FRA on 46 of 53 (87 %, 75 to 93 %), with the others on "
        "4 of 204 (2 %, 1 to 5 %)",
    )
    assert group[2].startswith("Look at which policies these devices get and the others do not")


def test_a_policy_that_one_site_alone_gets_is_compared_with_nothing():
    tables = policy_states((46, "conflict", "FRA"), (7, "compliant", "FRA"))
    assert find_in_lists(tables).findings["rule"].to_list() == ["FLEET-POLICY-CONFLICT"]
    assert nothing_in(tables.frames()) != TOO_FEW


def test_of_a_part_of_a_name_it_is_not_told_when_it_was_first_listed():
    tables = policy_states((46, "conflict", "FRA"), (7, "compliant", "FRA"), (4, "conflict", "MUC"),
                           (100, "compliant", "MUC"), (100, "compliant", "HAM"))  # fmt: skip
    meaning = find_in_lists(tables).findings.filter(rule="FLEET-GROUP")["meaning"][0]
    assert meaning.startswith("What goes together need not cause each other")

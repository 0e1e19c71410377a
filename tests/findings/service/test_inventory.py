"""Managed devices of an inventory: which want attention, and what the list holds where none does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from findings.service_tables import table, tables_of

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import find_in_service
from autopilot_analysis.findings.answers.device_answer import answer
from autopilot_analysis.findings.service.answer import only_attention, quiet_lists, verdict_of_lists
from autopilot_analysis.findings.service.inventory import INVENTORIES, inventory_words, managed_in_need
from autopilot_analysis.tables import Trace

WELL = {"compliance_state": "compliant", "management_state": "managed", "encrypted": True, "os": "Windows"}


def rows(*states, report="managedDevices"):
    return [
        {"device": f"M-{n}", "serial": f"M-{n}", "report": report, **WELL, **one}
        for n, one in enumerate(states)
    ]


def in_need(*states, **more):
    found = managed_in_need(table("identities", rows(*states, **more)))
    return [(one["rule"], one["title"], one["quotes"][0]) for one in found]


@pytest.mark.parametrize("report", INVENTORIES)
@pytest.mark.parametrize(
    ("state", "rule", "title", "quote"),
    [
        ({"compliance_state": "noncompliant"}, "FLEET-DEVICE-NONCOMPLIANT", "M-0 is not compliant",
         "M-0: compliance state noncompliant"),
        ({"compliance_state": "Not compliant"}, "FLEET-DEVICE-NONCOMPLIANT", "M-0 is not compliant",
         "M-0: compliance state Not compliant"),
        ({"compliance_state": "conflict"}, "FLEET-DEVICE-NONCOMPLIANT",
         "M-0 has compliance policies in conflict", "M-0: compliance state conflict"),
        ({"compliance_state": "error"}, "FLEET-DEVICE-NONCOMPLIANT",
         "M-0 could not be judged by its compliance policies (error)", "M-0: compliance state error"),
        ({"compliance_state": "inGracePeriod"}, "FLEET-DEVICE-GRACE",
         "M-0 is not compliant and in its days of grace", "M-0: compliance state inGracePeriod"),
        ({"management_state": "wipePending"}, "FLEET-DEVICE-LEAVING", "M-0 is to be wiped",
         "M-0: management state wipePending"),
        ({"management_state": "RetireIssued"}, "FLEET-DEVICE-LEAVING", "M-0 is to be retired",
         "M-0: management state RetireIssued"),
        ({"management_state": "wipeFailed"}, "FLEET-DEVICE-LEAVING", "M-0 could not be wiped",
         "M-0: management state wipeFailed"),
        ({"management_state": "unhealthy"}, "FLEET-DEVICE-UNHEALTHY", "M-0 is managed and not healthy",
         "M-0: management state unhealthy"),
        ({"retire_at": datetime(2026, 8, 1, 10, tzinfo=UTC)}, "FLEET-DEVICE-LEAVING",
         "M-0 is due to be retired", "M-0: due to be retired after 2026-08-01 10:00:00 UTC"),
        ({"encrypted": False}, "FLEET-DEVICE-UNENCRYPTED", "M-0 is not encrypted", "M-0: encrypted: false"),
    ],
)  # fmt: skip
def test_a_state_that_wants_attention_is_named_with_its_device(report, state, rule, title, quote):
    assert in_need(state, report=report) == [(rule, title, quote)]


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"compliance_state": "notApplicable"},
        {"compliance_state": "unknown", "encrypted": None},
        {"compliance_state": "configManager", "management_state": "discovered"},
        {"management_state": "wipeCanceled"},
        {"retire_at": datetime(9999, 12, 31, tzinfo=UTC)},
        {"retire_at": datetime(9000, 1, 1, tzinfo=UTC)},
        {"report": "windowsAutopilotDeviceIdentities", "compliance_state": "noncompliant"},
    ],
)
def test_what_is_well_unknown_or_of_another_list_stays_quiet(state):
    assert in_need(state) == []


def test_the_newest_row_of_a_device_counts():
    old = {"compliance_state": "noncompliant", "contacted_at": datetime(2026, 5, 1, tzinfo=UTC)}
    new = {"device": "M-0", "contacted_at": datetime(2026, 5, 2, tzinfo=UTC)}
    assert in_need(old, new) == []
    assert in_need(new, {"device": "M-0", **old}) == []
    assert in_need({**old, "compliance_state": None}, {**new, "compliance_state": "conflict"}) != []


def test_every_state_of_the_facts_has_words_and_a_remedy():
    assert read_facts("inventory_states").drop("value").null_count().sum_horizontal()[0] == 0


def test_devices_that_want_attention_are_no_failure():
    tables = tables_of(identities=rows({"compliance_state": "noncompliant"}, {"encrypted": False}, {}))
    found = find_in_service(tables)
    assert verdict_of_lists(tables, found) == ("2 of 3 managed devices want attention")
    assert only_attention(found)
    told = answer(tables, Trace.of({}), found).devices[0]
    assert told.outcome == "unknown"
    assert [
        line.text for section in told.sections if section.label == "What it holds" for line in section.lines
    ] == ["3 managed devices (3 Windows): compliance: 2 compliant, 1 noncompliant; 2 of 3 encrypted."]


def test_a_device_under_one_policy_is_called_so():
    one = {"compliance_state": "notApplicable", "report": "deviceStatuses", "encrypted": None, "os": None}
    assert list(inventory_words(table("identities", rows(one)))) == [
        "1 device under one policy: compliance: 1 notApplicable."
    ]


def test_other_systems_are_told_apart_and_when_they_were_last_heard_of():
    first, last = datetime(2026, 4, 1, 8, tzinfo=UTC), datetime(2026, 4, 3, 9, tzinfo=UTC)
    listed = rows(
        {"os": "macOS", "contacted_at": last},
        {"os": "Windows 10", "contacted_at": first, "management_state": "retireCanceled"},
        {"os": None, "contacted_at": first, "retire_at": last, "encrypted": None},
    )
    assert list(inventory_words(table("identities", listed))) == [
        "3 managed devices (1 Windows 10, 1 macOS): compliance: 3 compliant; 2 of 2 encrypted; "
        "management: 1 retireCanceled; 1 due to be retired after 2026-04-03 09:00:00 UTC; "
        "last heard of between 2026-04-01 08:00:00 and 2026-04-03 09:00:00 UTC.",
        "Not Windows: 1 macOS. Autopilot is for Windows alone.",
    ]


def test_an_inventory_with_states_is_not_called_one_without():
    listed = [*rows({}), {"device": "X", "report": "Devices"}]
    assert [line.text for line in quiet_lists(tables_of(identities=listed)).sections[0].lines] == [
        "1 managed device (1 Windows): compliance: 1 compliant; 1 of 1 encrypted.",
        "1 device of an inventory or of a list for import, without states.",
    ]


def twice(*records, **more):
    """Rows of one device from (its id of Intune, day of enrolment, day of last contact)."""
    dated = [
        {
            "serial": "SN-0001",
            "device": "SN-0001",
            "intune_device_id": number,
            **{
                name: day and datetime(2026, 3, day, tzinfo=UTC)
                for name, day in (("enrolled_at", enrolled), ("contacted_at", heard))
            },
            **more,
        }
        for number, enrolled, heard in records
    ]
    return table("identities", rows(*dated))


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (
            [("a", 1, 4), ("b", 5, 9)],
            "stands more than once under its serial number (the older record was not",
        ),
        ([("a", 1, 2), ("b", 3, 4), ("c", 5, 9)], "stands more than once under its serial number (the older"),
        (
            [("a", 1, 8), ("b", 5, 9)],
            "stands more than once under its serial number, and both records are still",
        ),
        (
            [("a", 1, None), ("b", 5, 9)],
            "stands more than once under its serial number; the list does not say",
        ),
        (
            [("a", None, 4), ("b", 5, 9)],
            "stands more than once under its serial number; the list does not say",
        ),
    ],
)
def test_records_of_one_serial_number_are_told_and_only_one_that_is_left_is_to_be_deleted(records, words):
    (found,) = managed_in_need(twice(*records))
    assert (found["rule"], found["severity"], found["role"]) == ("FLEET-DEVICE-TWICE", "info", "context")
    assert found["title"].startswith(f"SN-0001 {words}")
    assert found["remedy"].startswith("Delete the older records") == ("(the older" in words)


@pytest.mark.parametrize(
    "identities",
    [
        twice(("a", 1, 4), ("a", 1, 9)),  # one record on two days
        twice(("a", 1, 4), ("b", 5, 9), serial="Default string", device="x"),  # firmware's placeholder
        twice(("a", 1, 4), (None, 5, 9)),
        twice(("a", 1, 4), ("b", 5, 9), report="windowsAutopilotDeviceIdentities"),
    ],
)
def test_one_record_on_several_days_and_serial_numbers_that_are_none_are_not_told(identities):
    assert [one["rule"] for one in managed_in_need(identities)] == []


def test_records_that_stand_twice_are_counted_beside_what_wants_attention_and_are_no_failure():
    tables = tables_of(identities=twice(("a", 1, 4), ("b", 5, 9)).to_dicts())
    found = find_in_service(tables)
    assert only_attention(found)
    assert verdict_of_lists(tables, found) == ("1 managed device stands more than once")

"""What lists of the service let one ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from findings.service_tables import failure, imported, status, table

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.fleet.explanation.lists.questions import (
    SETTLED,
    questions_of_enrollments,
    questions_of_imports,
    questions_of_inventory,
    questions_of_items,
)

POLICY = "DeviceConfigurationPolicyStatuses"


def of_items(rows, identities=()):
    return questions_of_items(table("item_statuses", rows), table("identities", identities))


def of_reasons(rows, identities=()):
    return questions_of_enrollments(table("enrollment_failures", rows), table("identities", identities))


def test_devices_on_which_an_item_failed_stand_among_those_where_it_ended():
    rows = [status(f"F-{n}", "2", version="2") for n in range(4)]
    rows += [status("D", "1", version="1"), status("P", "5"), status("N", "3"), status("X", None)]
    (one,) = of_items(rows)
    assert (one.subject, one.name, one.rows.height) == (("item", "app", "Map"), "Map", 4)
    assert one.units.select("device", "version", "outcome").rows()[3:] == [
        ("F-3", "2", "failed"),
        ("D", "1", "succeeded"),
    ]


def test_a_device_that_failed_for_one_of_its_users_failed():
    rows = [status(f"F-{n}", "2", user="a") for n in range(4)] + [status("F-0", "1", user="b")]
    assert of_items(rows)[0].units["outcome"].to_list() == ["failed"] * 4


def test_what_one_list_does_not_know_of_an_app_on_a_device_another_says():
    detailed = "AutopilotV2DeploymentStatusDetailedAppInfo"
    bare = [status(f"F-{n}", "Failed", report=detailed) for n in range(4)]
    bare += [status("D", "Installed", report=detailed)]
    known = [status(f"F-{n}", "2", "0x80070643", version="2") for n in range(3)]
    known += [status("F-3", "1", "0x00000001", version="2"), status("D", "1", version="1")]
    (one,) = of_items([*bare, *known])
    assert one.units.sort("device").select("device", "version", "outcome", "code").rows() == [
        ("D", "1", "succeeded", None),
        *((f"F-{n}", "2", "failed", "0x80070643") for n in range(3)),
        ("F-3", "2", "failed", None),
    ]


def test_devices_without_a_name_are_each_a_unit_of_its_own():
    assert of_items([status(None, "2", user=f"u-{n}") for n in range(4)])[0].units.height == 4


def test_what_failed_less_than_four_times_is_not_asked_about_and_what_failed_most_comes_first():
    rows = [status(f"D-{n}", "2", item="few") for n in range(3)]
    rows += [status(f"D-{n}", "2", item="four") for n in range(4)]
    rows += [status(f"D-{n}", "2", item="six") for n in range(6)]
    assert [one.subject[1] for one in of_items(rows)] == ["six", "four"]


def test_so_many_questions_are_asked_at_most():
    rows = [status(f"D-{n}", "2", item=f"app {m}") for m in range(21) for n in range(4)]
    assert len(of_items(rows)) == 20


def test_a_list_of_devices_beside_it_says_which_model_a_device_is():
    rows = [status(f"D-{n}", "2") for n in range(4)]
    known = [
        {"device": "SN-0", "report": "Devices", "intune_device_id": "D-0", "model": "Slate"},
        {"device": "D-1", "report": "Devices", "manufacturer": "Contoso", "group_tag": "OFFICE"},
    ]
    described = of_items(rows, known)[0].units.select("model", "manufacturer", "group_tag").rows()
    assert described == [("Slate", None, None), (None, "Contoso", "OFFICE"), *[(None, None, None)] * 2]


def test_what_a_report_says_of_its_device_goes_before_what_a_list_of_devices_says():
    rows = [status(f"D-{n}", "2", model="Slate 4", build="26100.1") for n in range(4)]
    known = [{"device": "D-0", "report": "Devices", "model": "Slate 9", "build": "1.1", "group_tag": "EAST"}]
    units = of_items(rows, known)[0].units
    assert units.select("model", "build", "group_tag").row(0) == ("Slate 4", "26100.1", "EAST")
    bare = [status(f"D-{n}", "2") for n in range(4)]
    assert of_items(bare, known)[0].units["build"].to_list() == ["1.1", None, None, None]


def test_a_policy_is_asked_about_where_it_is_not_met():
    rows = [status(f"D-{n}", "nonCompliant", report=POLICY) for n in range(4)]
    rows += [status("D-9", "compliant", report=POLICY), status("D-8", "error", report=POLICY)]
    (one,) = of_items(rows)
    assert (one.subject, one.verb) == (("unmet", "app", "Map"), "is not met")
    assert one.units["outcome"].to_list() == ["failed"] * 4 + ["succeeded"]


@pytest.mark.parametrize(
    ("described", "by"),
    [
        ([{"model": "A"}, {"model": "B"}], ["model"]),
        ([{"model": "A"}, {"model": "A"}], []),  # one value divides nothing
        ([{"model": "A"}, {}], []),  # nor does one beside unknown
        ([{"user": "ann"}, {"user": "bob"}], []),  # people are no groups of devices
        ([{"version": "1"}, {"version": "2"}], ["version"]),
    ],
)
def test_columns_that_divide_the_devices_are_those_that_were_compared(described, by):
    rows = [status(f"D-{n}", "2", **described[n % 2]) for n in range(6)]
    assert of_items(rows)[0].compared_by == by


def test_failures_for_one_reason_stand_among_all_a_user_once_for_each_reason():
    rows = [failure(f"D-{n}", failure_text="Cap", user=f"u-{n % 3}") for n in range(6)]
    rows += [failure("D-9", failure_text="Other", user="u-0"), failure("D-9", failure_text="None")]
    (one,) = of_reasons(rows)
    assert (one.subject, one.rows.height) == (("enrolment", "Cap"), 6)
    assert one.units["outcome"].to_list() == ["failed"] * 3 + ["succeeded"]


def test_an_empty_id_is_no_user_and_no_device():
    rows = [failure(f"D-{n}", failure_text="Cap", user=EMPTY_ID) for n in range(4)]
    assert of_reasons(rows)[0].units.height == 4
    rows = [failure(EMPTY_ID, failure_text="Cap") for _ in range(4)]
    assert of_reasons(rows)[0].units.height == 4


def test_the_reason_of_a_failure_without_words_is_its_category():
    rows = [failure(f"D-{n}", category="badRequest") for n in range(4)]
    assert [one.name for one in of_reasons(rows)] == ["badRequest"]


def test_what_has_a_code_and_no_reason_is_counted_and_not_asked_about():
    rows = [failure(f"D-{n}", code="0x80180018") for n in range(5)]
    assert of_reasons(rows) == []
    rows += [failure(f"E-{n}", failure_text="Cap") for n in range(4)]
    assert (
        of_reasons(rows)[0].units["outcome"].value_counts().filter(pl.col("outcome") == "failed").row(0)[1]
        == 4
    )


def activity(device, **more):
    """One row of the list that holds every enrolment, failed or not."""
    return failure(device, report="EnrollmentActivity", **more)


def test_a_list_of_all_enrolments_gives_rates_and_one_of_failures_shares_of_them():
    rows = [activity(f"F-{n}", failure_text="Cap", build="1.1") for n in range(4)]
    rows += [activity(f"S-{n}", failure_text="None" if n else None) for n in range(6)]
    rows += [activity("O-1", failure_text="Other")]
    (one,) = of_reasons(rows)
    assert (one.subject, one.whole, one.rows.height) == (("enrolment", "Cap"), True, 4)
    assert one.units["outcome"].to_list() == ["failed"] * 4 + ["succeeded"] * 7
    alone = [{**row, "report": "DeviceEnrollmentFailures"} for row in rows]
    assert (of_reasons(alone)[0].whole, of_reasons(alone)[0].units.height) == (False, 5)


def test_an_activity_list_without_a_success_is_one_of_failures():
    rows = [activity(f"F-{n}", failure_text="Cap") for n in range(4)]
    assert not of_reasons(rows)[0].whole


def test_a_reason_that_both_lists_tell_is_asked_about_once_and_as_a_rate():
    rows = [activity(f"F-{n}", failure_text="Cap") for n in range(5)] + [activity("S")]
    rows += [failure(f"F-{n}", failure_text=reason) for n in range(4) for reason in ("Cap", "Other")]
    assert [(one.name, one.whole) for one in of_reasons(rows)] == [("Cap", True), ("Other", False)]


def test_a_device_that_enrolled_is_described_by_its_id_in_entra():
    rows = [activity(f"F-{n}", failure_text="Cap", entra_device_id=f"aad-{n}") for n in range(4)] + [
        activity("S")
    ]
    known = [{"device": "aad-0", "report": "Entra devices", "entra_device_id": "aad-0", "model": "Slate 3"}]
    assert of_reasons(rows, known)[0].units["model"].to_list() == ["Slate 3", *[None] * 4]


@pytest.mark.parametrize(
    ("report", "state", "well", "subject", "verb"),
    [
        (POLICY, "conflict", "compliant", "conflict", "is in conflict"),
        (POLICY, "Konflikt", "Erfolgreich", "conflict", "is in conflict"),
        ("FeatureUpdateDeviceState", "onHold", "upToDate", "held", "is held back"),
    ],
)
def test_a_state_that_is_no_failure_is_asked_about_too(report, state, well, subject, verb):
    rows = [status(f"D-{n}", state if n < 4 else well, report=report) for n in range(9)]
    (one,) = of_items(rows)
    assert (one.subject[0], one.verb) == (subject, verb)
    assert one.units["outcome"].to_list() == ["failed"] * 4 + ["succeeded"] * 5
    assert one.remedy


def inventory(*groups):
    """Managed devices as (how many, compliance, encrypted, model)."""
    rows = [group[1:] for group in groups for _ in range(group[0])]
    names = ("compliance_state", "encrypted", "model")
    told = [dict(zip(names, row, strict=True)) | {"device": f"D-{n}"} for n, row in enumerate(rows)]
    return table("identities", [{**row, "report": "managedDevices"} for row in told])


def test_managed_devices_are_asked_about_by_each_of_their_states():
    asked = questions_of_inventory(
        inventory(
            (9, "noncompliant", False, "A"), (5, "inGracePeriod", False, "B"), (8, "compliant", True, "B")
        )
    )
    assert [(one.verb, one.rows.height, one.units.height) for one in asked] == [
        ("not encrypted", 14, 22),
        ("not compliant", 9, 17),
    ]
    few = inventory((3, "noncompliant", False, "A"), (8, "compliant", True, "B"))
    assert questions_of_inventory(few) == []
    unknown = inventory((9, None, None, "A"), (8, None, True, "B"))
    assert questions_of_inventory(unknown) == []


def test_a_device_that_was_not_heard_of_since_it_enrolled_is_not_judged_by_its_policies_yet():
    now = datetime(2026, 5, 4, 8, tzinfo=UTC)
    seen = (timedelta(minutes=20), SETTLED - timedelta(minutes=1), SETTLED, timedelta(days=9))
    rows = [
        {"device": f"D-{n}", "report": "managedDevices", "compliance_state": "noncompliant",
         "encrypted": False, "enrolled_at": now - seen[n % 4], "contacted_at": now}
        for n in range(16)
    ]  # fmt: skip
    encrypted, compliance = questions_of_inventory(table("identities", rows))
    assert (encrypted.verb, encrypted.units.height) == ("not encrypted", 16)
    assert sorted(compliance.units["device"]) == sorted(f"D-{n}" for n in range(16) if n % 4 > 1)
    unknown = [{**row, "contacted_at": None} for row in rows]
    assert {one.units.height for one in questions_of_inventory(table("identities", unknown))} == {16}


def test_imports_are_asked_about_by_error_among_all_that_ended():
    taken, other = "ZtdDeviceAlreadyAssigned", "ZtdDeviceAssignedToOtherTenant"
    rows = [imported(f"T-{n}", "error", taken) for n in range(5)]
    rows += [imported(f"O-{n}", "error", other) for n in range(3)]
    rows += [imported(f"P-{n}", "pending") for n in range(7)] + [
        imported(f"G-{n}", "complete") for n in range(9)
    ]
    (one,) = questions_of_imports(table("identities", rows))
    assert (one.subject, one.rows.height, one.units.height) == (("import", taken), 5, 17)

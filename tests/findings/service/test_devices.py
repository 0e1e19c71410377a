"""Registered devices that want attention, enrolments that failed, apps that are counted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from findings.service_tables import GOOD, failure, table, tables_of

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.findings import find_in_service
from autopilot_analysis.findings.service.answer import only_attention, verdict_of_lists
from autopilot_analysis.findings.service.devices import (
    counts_that_failed,
    enrollments_that_failed,
    registered_in_need,
)

NOBODY = table("identities", [])
MONDAY, TUESDAY, WEDNESDAY = (datetime(2026, 5, day, 8, tzinfo=UTC) for day in (11, 12, 13))


def identities(*rows):
    named = [{"device": f"S-{n}", "serial": f"S-{n}", **GOOD, **row} for n, row in enumerate(rows)]
    return table("identities", named)


def in_need(*rows):
    return [(one["rule"], one["severity"], one["title"]) for one in registered_in_need(identities(*rows))]


@pytest.mark.parametrize(
    ("state", "rule", "severity", "title"),
    [
        ({"userless_state": "blocked"}, "FLEET-ENROLLMENT-BLOCKED", "high",
         "S-0 is blocked from enrolling again without a user"),
        ({"enrollment_state": "blocked"}, "FLEET-ENROLLMENT-BLOCKED", "high",
         "S-0 is blocked from enrolling"),
        ({"remediation_state": "manualRemediationRequired"}, "FLEET-REGISTRATION-ATTENTION", "high",
         "S-0 needs its hardware hash registered anew (attention required)"),
        ({"profile_state": "Attention required"}, "FLEET-REGISTRATION-ATTENTION", "high",
         "S-0 needs its hardware hash registered anew (attention required)"),
        ({"remediation_state": "automaticRemediationRequired"}, "FLEET-REGISTRATION-PENDING", "warning",
         "S-0 waits for the service to register its changed hardware (fix pending)"),
        ({"profile_state": "notAssigned"}, "FLEET-PROFILE-UNASSIGNED", "warning",
         "S-0 has no Autopilot profile assigned"),
        ({"profile_state": "failed"}, "FLEET-PROFILE-FAILED", "high",
         "S-0 could not be given its Autopilot profile"),
        ({"profile_state": "failed", "profile_state_detail": "hardwareRequirementsNotMet"},
         "FLEET-PROFILE-FAILED", "high",
         "S-0 could not be given its Autopilot profile (hardware requirements not met)"),
        ({"profile_state": "Failed", "profile_state_detail": "HoloLensProfileNotSupported"},
         "FLEET-PROFILE-FAILED", "high",
         "S-0 could not be given its Autopilot profile (it is for a HoloLens)"),
        ({"profile_state": "failed", "profile_state_detail": "none"}, "FLEET-PROFILE-FAILED", "high",
         "S-0 could not be given its Autopilot profile"),
        ({"enrollment_state": "failed"}, "FLEET-REGISTERED-NOT-ENROLLED", "warning",
         "S-0 failed to enrol when it last tried"),
    ],
)  # fmt: skip
def test_a_state_in_which_a_device_cannot_be_deployed_is_named_with_its_serial(state, rule, severity, title):
    assert in_need(state) == [(rule, severity, title)]


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"profile_state": "pending", "enrollment_state": "notContacted"},
        {"profile_state": "assignedUnkownSyncState"},
        {"profile_state": "assignedInSync", "profile_state_detail": "hardwareRequirementsNotMet"},
        {"userless_state": "unknown", "remediation_state": "unknown", "profile_state": None},
        {"report": "AutopilotDeviceCsv", "profile_state": "notAssigned"},
        {"report": "importedWindowsAutopilotDeviceIdentities", "profile_state": "failed"},
    ],
)
def test_what_waits_is_unknown_or_of_another_list_stays_quiet(state):
    assert in_need(state) == []


def test_devices_in_one_state_are_one_finding_that_names_five_and_proves_all():
    need = list(registered_in_need(identities(*[{"profile_state": "notAssigned"}] * 7, {}, {})))
    assert [one["title"] for one in need] == [
        "7 of 9 registered devices have no Autopilot profile assigned: S-0, S-1, S-2, S-3, S-4 and 2 more"
    ]
    assert (need[0]["device"], need[0]["item"]) == ("fleet", None)
    assert need[0]["quotes"][6] == "S-6: profile state notAssigned"
    assert need[0]["devices"] == [f"S-{n}" for n in range(7)]


def test_a_device_that_two_states_show_in_one_need_is_named_once():
    assert len(in_need({"userless_state": "blocked", "enrollment_state": "blocked"})) == 1


def test_of_a_device_that_two_lists_hold_the_newest_row_counts():
    rows = [{"device": "S", "profile_state": "notAssigned"}, {"device": "S"}]
    assert in_need(*rows) == []


def test_enrolments_that_failed_for_one_reason_are_one_finding():
    rows = [failure(f"D-{n}", category="enrollmentRestrictionsEnforced") for n in range(2)]
    rows += [failure("D-2", failure_text="0x80180013", code="0x80180013")]
    found = list(enrollments_that_failed(table("enrollment_failures", rows), NOBODY))
    assert [(one["title"], one["device"], one["role"]) for one in found] == [
        ("Enrolment failed 2 times: enrollmentRestrictionsEnforced", "fleet", "cause"),
        ("Enrolment failed 1 time: 0x80180013", "D-2", "cause"),
    ]
    assert found[0]["meaning"] == "A restriction of the organisation forbade the enrolment."


def test_the_services_own_advice_stands_in_where_nothing_is_known():
    row = failure("D-1", failure_text="Something new", detail="It broke", remedy="Ask again")
    (one,) = enrollments_that_failed(table("enrollment_failures", [row]), NOBODY)
    assert (one["meaning"], one["remedy"], one["role"]) == (
        "The report's own text: “It broke”", "Ask again", "cause"
    )  # fmt: skip
    row = failure("D-1", failure_text="Something new")
    (one,) = enrollments_that_failed(table("enrollment_failures", [row]), NOBODY)
    assert (one["meaning"], one["remedy"], one["role"]) == ("Something new.", None, "consequence")


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("Enrollment restrictions not met", "Look at the enrolment restrictions"),
        ("Device platform blocked", "Allow the platform"),
        ("Device version too low", "Update the device"),
        ("Device cap reached", "Take devices that the user no longer has"),
        ("DeviceCapReached", "Take devices that the user no longer has"),
        ("User not found or licensed", "Assign an Intune licence"),
        ("UserNotLicensed", "Assign an Intune licence"),
        ("Bad request", "Enrol again"),
        ("Autopilot profile not  found or not assigned", "Assign a profile"),
    ],
)
def test_the_wordings_of_the_portal_and_of_the_service_have_their_remedy(word, remedy):
    (one,) = enrollments_that_failed(table("enrollment_failures", [failure("D", failure_text=word)]), NOBODY)
    assert one["remedy"].startswith(remedy)
    assert one["page"]


def test_a_reason_says_more_than_its_category_and_the_services_own_text_stands_beside_it():
    row = failure(
        "D", category="enrollmentRestrictionsEnforced", failure_text="DeviceCapReached", detail="15"
    )
    (one,) = enrollments_that_failed(table("enrollment_failures", [row]), NOBODY)
    assert one["meaning"] == "The user has enrolled as many devices as one user may."
    row = {**row, "detail": "Fifteen devices are enrolled"}
    (one,) = enrollments_that_failed(table("enrollment_failures", [row]), NOBODY)
    assert one["meaning"].endswith(" may. The report's own text: “Fifteen devices are enrolled”")


@pytest.mark.parametrize("reason", ["Failure value", "None", "Not applicable", "unknown", "False", None])
def test_an_activity_without_a_reason_is_no_failure(reason):
    rows = [failure("D-1", failure_text=reason)]
    assert list(enrollments_that_failed(table("enrollment_failures", rows), NOBODY)) == []


def test_apps_that_failed_somewhere_are_counted_over_those_they_apply_to():
    rows = [
        {"name": "Reader", "installed": 30, "failed": 0},
        {"name": "Portal", "installed": 30, "failed": 4, "not_installed": 1, "not_applicable": 9},
    ]
    assert [one["title"] for one in counts_that_failed(table("item_counts", rows))] == [
        "Portal failed on 4 of 35 devices"
    ]


def test_every_detail_of_a_failed_assignment_has_a_meaning_and_is_quoted():
    enum = "windowsAutopilotProfileAssignmentDetailedStatus"
    members = read_facts("enums").filter(enum=enum)["name"]
    for detail in members.filter(~members.is_in(["none", "unknownFutureValue"])):
        (need,) = registered_in_need(identities({"profile_state": "failed", "profile_state_detail": detail}))
        assert need["quotes"] == [f"S-0: profile state failed, {detail}"]
        assert "(" in need["title"], detail


def test_devices_whose_assignment_failed_for_two_reasons_are_two_findings():
    failed = [
        {"profile_state": "failed", "profile_state_detail": d} for d in ("hardwareRequirementsNotMet", None)
    ]
    assert [title[:3] for _, _, title in in_need(*failed)] == ["S-0", "S-1"]


@pytest.mark.parametrize("key", ["device", "serial", "intune_device_id", "entra_device_id"])
def test_an_enrolment_that_failed_before_the_device_enrolled_is_history(key):
    listed = {"device": "S", "report": "managedDevices", key: "D", "enrolled_at": TUESDAY}
    failures = [failure("D", failure_text="UserLicenseTypeInvalid", at=MONDAY)]
    tables = tables_of(enrollment_failures=failures, identities=[listed])
    found = find_in_service(tables)
    (row,) = found.findings.filter(rule="FLEET-ENROLLMENT-FAILED").to_dicts()
    assert (row["severity"], row["role"]) == ("info", "context")
    assert row["title"].endswith("; the device enrolled after that")
    assert row["remedy"].startswith("Nothing is left to do")
    assert only_attention(found)
    assert "1 kind of failure that a later enrolment made good" in verdict_of_lists(tables, found)


@pytest.mark.parametrize(
    ("listed", "at"),
    [
        ({"device": "D", "enrolled_at": TUESDAY}, WEDNESDAY),
        ({"device": "D", "enrolled_at": TUESDAY}, TUESDAY),
        ({"device": "E", "enrolled_at": TUESDAY}, MONDAY),
        ({"device": "D", "enrolled_at": None}, MONDAY),
        ({"device": "D", "enrolled_at": TUESDAY}, None),
    ],
)
def test_an_enrolment_that_failed_since_or_of_another_device_stands(listed, at):
    failures = table("enrollment_failures", [failure("D", category="userValidation", at=at)])
    (one,) = enrollments_that_failed(failures, table("identities", [listed]))
    assert (one["severity"], one["role"]) == ("high", "cause")


def test_of_one_reason_the_devices_that_enrolled_later_are_told_behind_the_others():
    rows = [failure(f"D-{n}", failure_text="UserLicenseTypeInvalid", at=MONDAY) for n in range(3)]
    listed = [{"device": f"D-{n}", "enrolled_at": TUESDAY} for n in range(2)]
    found = enrollments_that_failed(table("enrollment_failures", rows), table("identities", listed))
    assert [one["title"] for one in found] == [
        "Enrolment failed 1 time: UserLicenseTypeInvalid",
        "Enrolment failed 2 times: UserLicenseTypeInvalid; each of the 2 devices enrolled after that",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "UserLicense: the user does not have a valid Intune license",
        "UserLicense",
        "Enrolment refused: no valid Intune license",
        "Lizenz fehlt",
    ],
)
def test_the_remedy_is_that_of_the_reason_and_not_of_its_category(words):
    (found,) = failed_enrolments(failure("D", category="accountValidation", failure_text=words))
    assert found["remedy"] == "Assign an Intune licence to the user and enrol again"
    assert found["meaning"].startswith("The user's licence for Intune is missing")


def test_a_remedy_that_the_report_itself_gives_goes_before_that_of_a_category():
    own = {"category": "accountValidation", "failure_text": "Unheard of", "remedy": "Ask Contoso"}
    (found,) = failed_enrolments(failure("D", **own))
    assert (found["remedy"], found["page"]) == ("Ask Contoso", None)
    (found,) = failed_enrolments(failure("D", **{**own, "failure_text": "UserLicense"}))
    assert found["remedy"].startswith("Assign an Intune licence")


def test_words_that_name_no_reason_leave_the_remedy_of_the_category():
    own = {"category": "accountValidation", "failure_text": "Account: the licence plate is unknown"}
    (found,) = failed_enrolments(failure("D", **own))
    assert found["remedy"].startswith("Check the tenant's Intune subscription")


def failed_enrolments(*rows):
    return list(enrollments_that_failed(table("enrollment_failures", rows), table("identities", [])))


def test_one_event_that_several_exports_tell_of_counts_once_and_with_its_words():
    bare = failure("U-1", at=MONDAY, category="authentication", failure_text="No token", event="e-1")
    whole = bare | {"detail": "The token was refused", "remedy": "Sign in again"}
    another = bare | {"event": "e-2"}
    nameless = bare | {"event": None}
    for rows, number in (
        ([bare, whole], "1 time"),
        ([whole, bare, another], "2 times"),
        ([nameless] * 2, "2 times"),
    ):
        found = list(enrollments_that_failed(table("enrollment_failures", rows), NOBODY))
        assert [one["title"] for one in found] == [f"Enrolment failed {number}: No token"]
    (once,) = enrollments_that_failed(table("enrollment_failures", [bare, whole]), NOBODY)
    assert once["remedy"] == "Sign in again"


REGISTERED = {
    "entra_device_id": "aad-1", "registration_id": "ZTD-1", "enrollment_state": "notContacted",
}  # fmt: skip
HELD = {"report": "Entra devices", "device": "aad-1", "entra_device_id": "aad-1", "serial": None}
HELD |= {"name": "PC-1", "account_enabled": True, "managed": False}
OTHER_ID = {"device": "aad-2", "entra_device_id": "aad-2", "registration_id": "ztd-1"}
LEFT, OFF = "FLEET-REGISTERED-LEFT-OVER", "FLEET-REGISTERED-DISABLED"


@pytest.mark.parametrize(
    ("registered", "held", "rules"),
    [
        ({}, [{}], [LEFT]),
        ({}, [OTHER_ID], [LEFT]),
        ({}, [{}, OTHER_ID], [LEFT]),
        ({}, [{"account_enabled": False}], [OFF]),
        ({}, [{"account_enabled": None}], [LEFT]),
        ({"enrollment_state": "enrolled"}, [{"account_enabled": False, "managed": True}], [OFF]),
        ({}, [{}, {**OTHER_ID, "managed": True}], []),
        ({}, [{"account_enabled": False}, {**OTHER_ID, "managed": True}], []),
        ({}, [{"name": "s-0", "account_enabled": False}], []),
        ({"serial": None}, [{}], []),
        ({}, [{"managed": None}], []),
        ({}, [{"managed": True}], []),
        ({"enrollment_state": "enrolled"}, [{}], []),
        ({}, [{"device": "aad-2", "entra_device_id": "aad-2"}], []),
        ({"entra_device_id": EMPTY_ID}, [{"entra_device_id": EMPTY_ID}], []),
    ],
)
def test_what_entra_holds_of_a_registered_device_tells_of_an_earlier_set_up(registered, held, rules):
    rows = [{**REGISTERED, **registered}, *({**HELD, **one} for one in held)]
    assert [rule for rule, _, _ in in_need(*rows)] == rules


def test_of_a_device_alone_what_it_wants_is_told_and_a_left_over_is_no_failure():
    rows = [{"device": "S-0", "serial": "S-0", **GOOD, **REGISTERED}, HELD]
    tables = tables_of(identities=rows)
    found = find_in_service(tables)
    assert verdict_of_lists(tables, found).startswith("S-0 never reported since")
    assert only_attention(found)

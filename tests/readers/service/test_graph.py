import json
import re
from datetime import timedelta

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.tables import Deployment


def event(number, **changes):
    return {
        "id": f"event-{number}",
        "deviceSerialNumber": f"SN-{number:04d}",
        "deploymentState": "success",
        "deviceSetupStatus": "success",
        "accountSetupStatus": "success",
        "deploymentStartDateTime": "2026-03-02T08:00:00.1234567Z",
        "deploymentEndDateTime": "2026-03-02T09:00:00Z",
        "deploymentTotalDuration": "PT1H0M21.5549443S",
        "osVersion": "10.0.22631.3447",
    } | changes


def read(document):
    return read_graph_json(json.dumps(document).encode(), "events.json")


def row(**changes):
    return read({"value": [event(1, **changes)]}).rows["deployments"].row(0, named=True)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"@odata.context": "c", "value": [event(1), event(2)]}),
        json.dumps([event(1), event(2)]),
        json.dumps(event(1)) + "\n" + json.dumps(event(2)) + "\n",
        json.dumps({"value": [event(1)], "@odata.nextLink": "n"}) + "\n" + json.dumps({"value": [event(2)]}),
        "\ufeff" + json.dumps({"value": [event(1), event(2)]}, indent=2),
    ],
    ids=["page", "array", "lines", "pages", "mark"],
)
def test_one_page_many_pages_an_array_and_lines_say_the_same(content):
    reading = read_graph_json(content.encode())
    deployments = reading.rows["deployments"]
    assert deployments.select("device", "deployment", "build", "outcome").rows() == [
        ("SN-0001", "event-1", "22631.3447", "succeeded"),
        ("SN-0002", "event-2", "22631.3447", "succeeded"),
    ]
    assert reading.unread == ()
    Deployment.validate(deployments)


def test_objects_whose_list_no_report_knows_are_of_no_report_that_knows_their_ids():
    ids = {"id": "x", "managedDeviceIdentifier": "y", "userId": "z"}
    apps = [{"displayName": "Secure Client", "installState": "failed"}]
    unknown = read({"value": [ids | {"mobileAppList": apps}]})
    assert set(unknown.rows) == {"properties"}
    assert "objects of no kind known here" in unknown.unread[0].reason
    decided = read({"value": [ids | {"failureCategory": "authentication", "more": apps}]})
    assert decided.rows["enrollment_failures"].height == 1
    assert read({"value": [ids | {"more": ["a text"]}]}).rows["enrollment_failures"].height == 1


def test_utf_16_is_read():
    assert read_graph_json(json.dumps([event(1)]).encode("utf-16")).rows["deployments"].height == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_without_a_mark_is_read_too(encoding):
    assert read_graph_json(json.dumps([event(1)]).encode(encoding)).rows["deployments"].height == 1


def of_powershell(row):
    """Return an event as the Graph PowerShell SDK and ConvertTo-Json of Windows PowerShell write it."""
    spans = {"deploymentTotalDuration": {"Ticks": 36_215_549_443, "Hours": 1, "TotalSeconds": 3621.5549443}}
    times = {
        "deploymentStartDateTime": "/Date(1772438400000)/",
        "deploymentEndDateTime": {"value": "/Date(1772442000000)/", "DateTime": "Monday, March 2, 2026"},
    }
    named = {name[:1].upper() + name[1:]: value for name, value in (row | spans | times).items()}
    return {**named, "PolicyStatusDetails": None, "AdditionalProperties": {}}


def test_what_powershell_makes_of_an_event_says_what_the_event_says():
    told = read([of_powershell(event(1)), of_powershell(event(2))])
    served = read([event(1, deploymentStartDateTime="2026-03-02T08:00:00Z"), event(2)])
    columns = ["device", "deployment", "outcome", "started_at", "ended_at", "total", "build"]
    one, other = (reading.rows["deployments"].select(columns).row(0) for reading in (told, served))
    assert one == other
    assert told.unread == ()


@pytest.mark.parametrize("cut", ["@{id=1; displayName=Viewer}", ["@{id=1; displayName=Viewer}"]])
def test_policy_statuses_that_powershell_did_not_write_out_are_a_gap(cut):
    reading = read([event(1, policyStatusDetails=cut), event(2, policyStatusDetails=[])])
    assert reading.rows["deployments"].height == 2
    assert [(gap.count, gap.advice) for gap in reading.unread] == [
        (1, "export again with ConvertTo-Json -Depth 6")
    ]


def test_an_event_of_few_selected_fields_is_still_of_graph():
    reading = read([{"deviceSerialNumber": "SN-0001", "deploymentState": "failure"}])
    told = reading.rows["deployments"].row(0, named=True)
    assert (told["origin"], told["device"], told["outcome"]) == ("graph", "SN-0001", "failed")


def test_the_answers_of_a_batch_are_read_and_a_refused_one_is_a_gap():
    bodies = [{"value": [event(1)]}, {"value": [event(2)]}, {"error": {"code": "TooManyRequests"}}]
    reading = read({"responses": [{"id": str(n), "body": body} for n, body in enumerate(bodies)]})
    assert reading.rows["deployments"]["device"].to_list() == ["SN-0001", "SN-0002"]
    assert [(gap.reason[:22], gap.count) for gap in reading.unread] == [("answers of this batch ", 1)]


def test_a_next_page_never_fetched_is_a_gap():
    reading = read({"@odata.nextLink": "more", "value": [event(n) for n in range(50)]})
    assert [gap.reason for gap in reading.unread] == [
        "more pages exist: @odata.nextLink is left over after 50 objects"
    ]


@pytest.mark.parametrize(("count", "warned"), [(49, False), (50, True), (100, True)])
def test_an_exact_multiple_of_fifty_rows_is_warned(count, warned):
    assert bool(read([event(n) for n in range(count)]).unread) is warned


def test_a_page_cut_in_the_middle_keeps_its_whole_objects_and_says_so():
    content = json.dumps({"value": [event(n) for n in range(10)]}).encode()
    reading = read_graph_json(content[: len(content) // 2])
    whole = reading.rows["deployments"].height
    assert 3 <= whole <= 5
    assert [gap.reason for gap in reading.unread] == [f"the JSON breaks off after {whole} whole objects"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "events.json is a web page"),
        (b'{"error": {"code": "Forbidden", "message": "no"}}', "holds the service's error 'Forbidden'"),
        (b"", "events.json is empty"),
        (b"hello", "events.json is not whole JSON"),
        (b"[" * 200_000, "events.json is not whole JSON"),
    ],
)
def test_what_is_no_page_gets_one_clear_line(content, said):
    with pytest.raises(NotThisFormat, match=said) as raised:
        read_graph_json(content, "events.json")
    assert "\n" not in str(raised.value)


def test_negative_durations_are_null_kept_as_text_and_counted():
    reading = read([event(1, deviceSetupDuration="-PT2M57.2190107S")])
    deployment = reading.rows["deployments"].row(0, named=True)
    assert deployment["device_setup"] is None
    assert deployment["total"] == timedelta(hours=1, seconds=21, microseconds=554944)
    assert deployment["flags"] == "negative_duration:device_setup=-PT2M57.2190107S"
    assert [(gap.reason, gap.count) for gap in reading.unread] == [
        ("negative durations in device setup: taken as missing", 1)
    ]


def test_going_on_past_the_timeout_is_a_success_that_is_not_clean():
    assert row(accountSetupStatus="successWithTimeout")["flags"] == "success_with_timeout,not_clean"
    assert row(deploymentState="successWithTimeout")["outcome"] == "succeeded"


@pytest.mark.parametrize("spelt", ["failure", "Failure", "3", 3])
def test_states_are_read_by_name_and_by_number(spelt):
    deployment = row(deploymentState=spelt, deviceSetupStatus=spelt)
    assert (deployment["outcome"], deployment["failed_stage"]) == ("failed", "device_setup")


def test_a_state_nobody_knows_is_unknown_and_kept():
    deployment = row(deploymentState="paused")
    assert deployment["outcome"] == "unknown"
    assert "unknown_state=paused" in deployment["flags"]


def test_a_placeholder_serial_keys_no_device():
    deployment = row(deviceSerialNumber="To be filled by O.E.M.", deviceId="id-1")
    assert (deployment["device"], deployment["serial"]) == ("id-1", "To be filled by O.E.M.")
    assert "placeholder_serial" in deployment["flags"]


def test_a_failure_followed_by_a_success_of_the_same_device_is_flagged_as_frozen():
    first = event(1, deploymentState="failure", deploymentStartDateTime="2026-03-02T08:00:00Z")
    second = event(1, id="event-2", deploymentStartDateTime="2026-03-03T08:00:00Z")
    late = event(1, id="event-3", deploymentState="failure", deploymentStartDateTime="2026-03-04T08:00:00Z")
    flags = read([first, second, late]).rows["deployments"]["flags"].to_list()
    assert flags == ["failed_first_try_frozen", None, None]


def test_a_run_of_over_an_hour_is_flagged_and_watched_for_an_hour_only():
    old = event(1, deploymentState="inProgress", deploymentEndDateTime=None, deploymentTotalDuration=None)
    new = event(
        2, deploymentStartDateTime="2026-04-02T08:00:00Z", deploymentEndDateTime="2026-04-02T09:00:00Z"
    )
    deployment = read([old, new]).rows["deployments"].row(0, named=True)
    assert (deployment["outcome"], deployment["flags"]) == ("in_progress", "over_an_hour_incomplete")
    assert deployment["observed_until"] - deployment["started_at"] == timedelta(hours=1)


def test_an_enrolment_date_that_is_the_registration_date_is_flagged():
    at = "2026-02-01T10:00:00Z"
    assert row(enrollmentStartDateTime=at, deviceRegisteredDateTime=at)["flags"] == "enrolled_is_registered"


def test_policy_details_become_rows_of_their_deployment():
    detail = {
        "id": "policy-1", "displayName": "Viewer", "policyType": 1, "complianceStatus": "error",
        "trackedOnEnrollmentStatus": True, "errorCode": -2016345060,
    }  # fmt: skip
    reading = read([event(1, policyStatusDetails=[detail]), event(2, policyStatusDetails=[])])
    columns = ["device", "deployment", "name", "kind", "state", "tracked", "code"]
    assert reading.rows["policy_statuses"].select(columns).rows() == [
        ("SN-0001", "event-1", "Viewer", "application", "error", True, "0x87D1041C")
    ]


def test_a_property_nobody_knows_is_named_and_kept():
    reading = read([event(1, newThing="x")])
    assert [gap.count for gap in reading.unread] == [1]
    assert "newThing" in reading.unread[0].reason
    assert reading.rows["properties"].rows() == [(1, "", "newThing", "x")]


def test_identities_are_read_without_passwords():
    identity = {
        "id": "i", "serialNumber": "SN-0001", "manufacturer": "Fenwick", "model": "Slate 13",
        "groupTag": "NORTH", "enrollmentState": 1, "deviceAccountPassword": "secret",
        "deploymentProfileAssignmentStatus": "assignedUnkownSyncState",
    }  # fmt: skip
    reading = read({"value": [identity]})
    found = reading.rows["identities"].row(0, named=True)
    assert (found["model"], found["group_tag"], found["enrollment_state"]) == (
        "Slate 13",
        "NORTH",
        "enrolled",
    )
    assert found["profile_state"] == "assignedUnkownSyncState"
    assert "secret" not in str(reading)


def test_an_enrolment_failure_keeps_its_category_by_name():
    failure = {
        "id": "f", "eventDateTime": "2026-03-01T00:00:00Z", "correlationId": "c", "deviceId": "id-1",
        "failureCategory": 9, "failureReason": "blocked by restriction",
        "enrollmentType": "windowsAzureADJoin",
    }  # fmt: skip
    found = read([failure]).rows["enrollment_failures"].row(0, named=True)
    assert (found["device"], found["category"]) == ("id-1", "enrollmentRestrictionsEnforced")


OTHERS = {
    "devicelogcollectionresponse",
    "windows10enrollmentcompletionpageconfiguration",
    *(f"{join}windowsautopilotdeploymentprofile" for join in ("", "azuread", "activedirectory")),
}
"""Objects that are no list of this reader: profiles and status pages have one of their own."""
HONEST = r"negative|no kind known here"
"""What examples of the reference leave to say: spans below zero, and collections of logs."""


def test_every_response_of_the_reference_is_read_without_a_gap(genuine):
    pages, unknown = sorted((genuine / "graph").glob("*.json")), set()
    assert len(pages) == 29
    for path in pages:
        reading = read_graph_json(path.read_bytes(), path.name)
        assert reading.count >= 1, path.name
        assert all(re.search(HONEST, gap.reason) for gap in reading.unread), path.name
        if any("no kind" in gap.reason for gap in reading.unread):
            unknown.add(path.name.split("-")[2])
    assert unknown == OTHERS


@pytest.mark.parametrize("state", ["notAttempted", "disabled", "inProgress", None])
def test_a_stage_of_no_length_that_did_not_succeed_was_not_measured(state):
    deployment = row(accountSetupStatus=state, accountSetupDuration="PT0S")
    assert deployment["account_setup"] is None
    assert deployment["flags"] is None


def test_a_stage_that_succeeded_at_once_keeps_its_zero():
    assert row(accountSetupStatus="success", accountSetupDuration="PT0S")["account_setup"] == timedelta()


def test_a_whole_deployment_of_no_length_takes_the_other_length_that_is_told():
    assert row(deploymentTotalDuration="PT0S", deploymentDuration="PT20M")["total"] == timedelta(minutes=20)
    assert row(deploymentTotalDuration="PT0S", deploymentDuration="PT0S")["total"] is None


def status(code, **other):
    return {
        "id": "policy-1", "displayName": "Viewer", "policyType": "application", "complianceStatus": "error",
        "trackedOnEnrollmentStatus": True, "errorCode": code, "lastReportedDateTime": "2026-03-02T08:30:00Z",
        **other,
    }  # fmt: skip


def test_a_failed_deployment_without_a_code_takes_that_of_the_first_tracked_item_in_error():
    later = status(-2147023293, lastReportedDateTime="2026-03-02T08:50:00Z")
    untracked = status(-2147023436, trackedOnEnrollmentStatus=False, lastReportedDateTime=None)
    fine = status(0, complianceStatus="installed")
    failed = event(
        1, deploymentState="failure", policyStatusDetails=[fine, untracked, later, status(-2016345060)]
    )
    well = event(2, policyStatusDetails=[status(-2016345060)])
    assert read([failed, well]).rows["deployments"]["code"].to_list() == ["0x87D1041C", None]


def test_a_code_is_found_in_whichever_text_carries_it():
    deployment = row(deploymentState="failure", enrollmentFailureDetails="see 0x80180014")
    assert deployment["code"] == "0x80180014"


def test_fifty_rows_of_a_report_are_no_pages():
    rows = [
        {"DeviceName": f"PC-{n}", "SerialNumber": f"SN-{n:04d}", "DeploymentStatus": "Failed"}
        for n in range(50)
    ]
    assert read({"values": rows}).unread == ()


def test_changes_of_administrators_are_read_from_graph_too():
    change = {
        "id": "a", "displayName": "Patch profile", "activityType": "Patch profile", "category": "Enrollment",
        "activityDateTime": "2026-03-02T08:00:00Z", "activityResult": "Success",
        "actor": {"userPrincipalName": "admin@example.org", "type": "ItPro"},
        "resources": [{"displayName": "Standard", "type": "Profile", "modifiedProperties": []}],
    }  # fmt: skip
    found = read({"value": [change]}).rows["audit_changes"].row(0, named=True)
    assert (found["operation"], found["identity"], found["result"]) == (
        "Patch profile",
        "admin@example.org",
        "Success",
    )
    assert found["at"].hour == 8
    assert '"displayName":"Standard"' in found["properties"]


def managed(number, **hardware):
    return {
        "id": f"id-{number}",
        "deviceName": f"WS-{number}",
        "managedDeviceOwnerType": "company",
        "operatingSystem": "Windows",
        "osVersion": "10.0.26100.7623",
        "azureADDeviceId": f"entra-{number}",
        "hardwareInformation": {"ipAddressV4": "192.0.2.7", "totalStorageSpace": 510000000000} | hardware,
    }


@pytest.mark.parametrize("spelt", [str, str.title])
def test_an_inventory_tells_firmware_and_tpm_of_each_device(spelt):
    hardware = {
        "serialNumber": "SN-0007",
        "model": "Slate 12",
        spelt("systemManagementBIOSVersion"): "1.14.2",
        spelt("tpmVersion"): "403.1.0.0",
    }
    reading = read({"value": [managed(7, **hardware), managed(8, systemManagementBIOSVersion="")]})
    assert (set(reading.rows), reading.unread) == ({"identities"}, ())
    known = reading.rows["identities"].select(
        "device", "intune_device_id", "model", "build", "firmware", "tpm_version"
    )
    assert known.rows() == [
        ("SN-0007", "id-7", "Slate 12", "26100.7623", "1.14.2", "403.1.0.0"),
        ("id-8", "id-8", None, "26100.7623", None, None),
    ]


def test_an_inventory_of_a_multiple_of_fifty_devices_is_whole():
    assert read({"value": [managed(number) for number in range(50)]}).unread == ()


def test_a_property_may_have_any_name_also_one_that_begins_with_a_null():
    rows = read_graph_json(b'[{"\\u0000value": "x", "\\u0000\\u0000row": "y"}]').rows["properties"]
    assert rows["value"].to_list() == ["x", "y"]

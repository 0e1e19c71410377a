from __future__ import annotations

from datetime import UTC, datetime

import pytest
from readers.device.device_rows import AUTOPILOT, fact, value


def test_a_blank_tenant_alone_does_not_prove_that_it_is_not_registered(told):
    device = told(values=[value(r"provisioning\Diagnostics\AutoPilot", "CloudAssignedTenantDomain", "")])
    assert device["registered"] is None


def query(day, event_id, state=None):
    """The answer to a query for a profile."""
    return {
        "provider": AUTOPILOT, "channel": f"{AUTOPILOT}/Autopilot", "event_id": event_id,
        "data": f'{{"InitialState":0,"UpdateState":{state}}}' if state else "{}",
        "at": datetime(2026, 3, day, tzinfo=UTC),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "registered", "state"),
    [
        ([(2, 704), (2, 153, 1), (2, 161)], None, "none"),
        ([(2, 703), (2, 153, 3)], True, "came"),
        ([(2, 704), (3, 703)], True, "came"),
        ([(2, 153, 3), (3, 153, 1)], None, "lost"),
        ([(2, 703), (3, 704)], None, "lost"),
        ([(2, 161), (2, 164)], None, None),
    ],
)
def test_answers_tell_whether_a_profile_came_and_only_a_profile_proves_a_registration(
    told, answers, registered, state
):
    device = told(events=[query(*answer) for answer in answers])
    assert (device["registered"], device["profile_state"]) == (registered, state)


def test_a_profile_is_in_use_once_the_device_joined_or_enrolled(told):
    joined = {"provider": "Microsoft-Windows-User Device Registration", "event_id": 105}
    assert told(events=[query(2, 703), joined])["profile_state"] == "in_use"
    left = joined | {"event_id": 102}
    assert told(events=[query(2, 703), left])["profile_state"] == "came"


def test_a_file_for_existing_devices_is_a_profile_and_no_registration(told):
    used = query(2, 310)
    device = told(events=[used, query(2, 704), query(3, 153, 3)])
    assert (device["scenario"], device["registered"], device["profile_state"]) == (
        "existing_device",
        None,
        "came",
    )


def test_the_registry_tells_of_profile_and_registration_where_no_event_is_left(told):
    key = r"provisioning\Diagnostics\AutoPilot"
    empty = value(r"provisioning\AutopilotPolicyCache", "ProfileAvailable", "0")
    once = value(rf"{key}\EstablishedCorrelations", "ZtdRegistrationId", "id-1")
    assert told(values=[empty])["profile_state"] == "none"
    assert told(values=[empty | {"value": "1"}])["profile_state"] is None
    assert told(values=[value(key, "CloudAssignedTenantDomain", "example.com")])["profile_state"] == "came"
    assert [told(values=[once])["registered"], told(values=[once | {"value": ""}])["registered"]] == [
        True,
        None,
    ]


@pytest.mark.parametrize(
    ("answer", "registered"), [("807", False), ("809", True), ("815", True), ("908", None)]
)
def test_the_services_answer_tells_whether_the_device_is_registered(told, answer, registered):
    stored = fact("ErrorCode", answer) | {"member": "AutopilotDDSZTDFile.json"}
    assert told(properties=[stored])["registered"] is registered


@pytest.mark.parametrize(("answer", "registered"), [("807", False), ("815", True), ("908", None)])
def test_an_answer_that_an_event_quotes_tells_it_unless_a_profile_came(told, answer, registered):
    refused = {
        "provider": AUTOPILOT, "channel": f"{AUTOPILOT}/Autopilot", "event_id": 709,
        "data": f'{{"HRESULT":"0x80190194","Message1":"ErrorCode {answer}"}}',
    }  # fmt: skip
    came = refused | {"event_id": 153, "data": '{"InitialState":0,"UpdateState":3}'}
    assert told(events=[refused])["registered"] is registered
    assert told(events=[refused, came])["registered"] is True

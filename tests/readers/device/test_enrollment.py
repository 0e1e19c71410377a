from __future__ import annotations

from datetime import UTC, datetime

import pytest
from readers.device.device_rows import value


def whole(*values, enrolments=3):
    """A registry with placeholder enrolments, and what stands behind them."""
    some = [value(rf"enrollments\{n:08d}", "EnrollmentState", "1") for n in range(enrolments)]
    behind = [value(r"enrollments\Status\00000001", "LifecycleNotificationStatus", "7")]
    return [*some, *values, *behind]


def test_forty_placeholder_enrolments_do_not_make_it_enrolled(told):
    assert told(values=whole(enrolments=40))["enrolled"] is False


@pytest.mark.parametrize(
    "values",
    [
        whole(enrolments=2),
        whole()[:-1],
        whole(value(r"enrollments\{a}", "DiscoveryServiceFullURL", "https://discovery.example.com/")),
        [row | {"kind": "unknown"} for row in whole()],
    ],
    ids=["few", "nothing behind them", "the line of the provider left out", "notes"],
)
def test_a_cutting_of_the_registry_without_an_enrolment_leaves_open_whether_there_is_one(told, values):
    assert told(values=values)["enrolled"] is None
    assert told(values=values, events=[managed(8, 72)])["enrolled"] is True


def test_one_whole_text_says_no_beside_a_cutting(told):
    cutting = [row | {"member": "note.txt"} for row in whole(enrolments=1)[:-1]]
    dump = [row | {"member": "dump.reg"} for row in whole()]
    assert told(values=[*cutting, *dump])["enrolled"] is False


@pytest.mark.parametrize(
    ("provider", "enrolled"),
    [("MS DM Server", True), ("Example UEM", True), ("Local Authority", False), ("", False)],
)
def test_an_enrolment_of_an_mdm_server_with_an_owner_makes_it_enrolled(told, provider, enrolled):
    values = [
        value(r"enrollments\{a}", "ProviderID", provider),
        value(r"enrollments\{a}", "UPN", "user@example.com"),
    ]
    assert told(values=whole(*values))["enrolled"] is enrolled
    assert told(values=whole(*values[:1]))["enrolled"] is False


DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"


def managed(hour, event_id, code=None, channel="Enrollment", provider=DM):
    """A record of the management client."""
    return {
        "provider": provider, "channel": f"{DM}/{channel}", "event_id": event_id, "code": code,
        "at": datetime(2026, 3, 2, hour, tzinfo=UTC),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("events", "enrolled"),
    [
        ([managed(8, 72)], True),
        ([managed(8, 75, channel="Admin")], True),
        ([managed(8, 72, channel="Operational")], None),
        ([managed(8, 72, provider="Microsoft-Windows-AAD")], None),
        ([managed(8, 71, "0x80072EE7"), managed(9, 72)], True),
        ([managed(8, 72), managed(9, 76, "0x8018002A")], True),
        ([managed(8, 72), managed(9, 74), managed(10, 209, channel="Sync")], False),
        ([managed(9, 74), managed(10, 75)], True),
        ([managed(8, 76, "0x8018002A"), managed(9, 76, "0x8018002A")], False),
        ([managed(8, 76, "0x8018002A"), managed(9, 76, "0x8018000A")], None),
        ([managed(8, 208, channel="Sync"), managed(9, 76, "0x8018002A")], None),
        ([managed(8, 209, channel="Sync"), managed(9, 76, "0x8018002A")], True),
        ([managed(8, 209, "0x80072EFD", channel="Sync")], None),
        ([managed(8, 4)], None),
    ],
)
def test_without_a_registry_the_management_clients_log_says_whether_the_device_is_enrolled(
    told, events, enrolled
):
    assert told(events=events)["enrolled"] is enrolled


def test_the_registry_is_believed_before_the_log(told):
    assert told(values=whole(), events=[managed(8, 72)])["enrolled"] is False


ENROLMENT = r"Enrollments\11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("names", "kind", "enrolled"),
    [
        (["ProviderID", "DMPCertThumbPrint"], "REG_SZ", True),
        (["ProviderID", "DMPCertThumbPrint"], "unknown", True),
        (["ProviderID"], "REG_SZ", False),
        (["ProviderID"], "unknown", None),
    ],
)
def test_what_notes_of_an_enrolment_leave_out_is_unknown(told, names, kind, enrolled):
    values = whole(*(value(ENROLMENT, name, "Example Server") for name in names))
    assert told(values=[row | {"kind": kind} for row in values])["enrolled"] is enrolled

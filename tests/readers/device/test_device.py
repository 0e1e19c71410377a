from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.readers.device.device import identify, value_of

AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
KEY = r"HKEY_LOCAL_MACHINE\software\microsoft"


@pytest.fixture
def told(rows):
    def build(*, events=(), values=(), properties=()):
        frames = {
            "events": rows("events", *events),
            "registry_values": rows("registry_values", *values),
            "properties": rows("properties", *properties),
        }
        return identify(frames, "capture").row(0, named=True)

    return build


def value(key, name, text):
    return {"key": f"{KEY}\\{key}", "name": name, "value": text}


def fact(name, text, section=""):
    return {"section": section, "name": name, "value": text}


def test_the_serial_is_the_key(told):
    assert told(properties=[fact("serial number", "SN-0042")])["device"] == "SN-0042"


@pytest.mark.parametrize("serial", ["To be filled by O.E.M.", "System Serial Number", "0", "None", "n/a"])
def test_a_placeholder_serial_is_none_and_the_intune_id_is_the_key(told, serial):
    device = told(
        properties=[fact("serial number", serial)],
        values=[value(r"provisioning\Diagnostics\AutoPilot\EstablishedCorrelations", "EntDMID", "id-1")],
    )
    assert (device["serial"], device["device"]) == (None, "id-1")


def test_a_device_nothing_names_takes_the_name_of_its_capture(told):
    assert told()["device"] == "capture"


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


def test_without_a_registry_enrolment_and_registration_stay_unknown(told):
    device = told(properties=[fact("serial number", "SN-0042")])
    assert (device["enrolled"], device["registered"], device["scenario"]) == (None, None, None)


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


def test_the_build_decides_and_not_the_product_name(told):
    facts = [fact("ProductName", "Windows 10 Pro"), fact("CurrentBuild", "26100"), fact("UBR", "2033")]
    assert told(properties=facts)["build"] == "26100.2033"


def test_oobe_bits_for_attestation_and_device_token_mean_self_deploying(told):
    key = r"provisioning\Diagnostics\AutoPilot"
    assert told(values=[value(key, "CloudAssignedOobeConfig", str(28 + 96))])["scenario"] == "self_deploying"
    assert told(values=[value(key, "CloudAssignedOobeConfig", str(28 + 32))])["scenario"] is None


def test_the_zone_is_named_as_iana_names_it(told):
    assert told(properties=[fact("Timezone", "Pacific Standard Time")])["time_zone"] == "America/Los_Angeles"


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


def test_a_cached_profile_and_the_status_page_without_enrolment_are_a_reset(told):
    cached = {"provider": AUTOPILOT, "channel": f"{AUTOPILOT}/Autopilot", "event_id": 163, "data": None}
    page = {
        "provider": "Microsoft-Windows-Shell-Core",
        "event_id": 62407,
        "data": '{"Name":"CommercialOOBE_ESPProgress_Page_Exiting"}',
    }
    join = {"provider": "Microsoft-Windows-User Device Registration", "event_id": 102, "data": None}
    assert told(events=[cached, page])["scenario"] == "autopilot_reset"
    assert told(events=[cached, page, join])["scenario"] is None
    assert told(events=[cached])["scenario"] is None


def test_the_hardware_hash_fills_what_no_better_member_tells(told):
    said = {
        "maker": "Example Corp.",
        "machine": "Notebook 9000",
        "tpm firmware": "7.2.1.0",
        "ek present": "no",
    }
    device = told(properties=[fact(name, text, "hardware of row 1") for name, text in said.items()])
    names = ("manufacturer", "model", "tpm_firmware", "ek_present")
    assert [device[name] for name in names] == ["Example Corp.", "Notebook 9000", "7.2.1.0", False]


AGENT = (
    "Populating AccountId and DeviceId globally. Account ID is : 11111111-2222-4333-8444-555555555555 "
    "Device Id is : 99999999-8888-4777-8666-55555555555{}"
)


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        ([AGENT.format(1), AGENT.format("A")], "99999999-8888-4777-8666-55555555555a"),
        (["another program: Device Id is : 99999999-8888-4777-8666-555555555551"], None),
    ],
)
def test_the_id_that_the_agent_last_wrote_is_the_intune_id_of_a_device_nothing_else_names(rows, lines, known):
    frames = {name: rows(name) for name in ("events", "registry_values", "properties")}
    frames["log_lines"] = rows("log_lines", *({"message": line, "clock": "unknown"} for line in lines))
    device = identify(frames, "capture").row(0, named=True)
    assert (device["intune_device_id"], device["device"]) == (known, known or "capture")


def test_the_comment_of_a_profile_file_names_the_profile(told):
    assert told(properties=[fact("Comment_File", "Profile Example one ")])["profile_name"] == "Example one"
    assert told(properties=[fact("Comment_File", "anything")])["profile_name"] is None


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


@pytest.mark.parametrize(
    ("text", "kind", "known"),
    [
        ("YES", pl.Boolean(), True),
        ("false", pl.Boolean(), False),
        ("perhaps", pl.Boolean(), None),
        ("0x2", pl.Int64(), None),
        ("2", pl.Int64(), 2),
        ("2", pl.String(), "2"),
    ],
)
def test_a_fact_has_the_type_of_its_column(text, kind, known):
    assert value_of(text, kind) == known

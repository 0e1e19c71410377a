"""Which record proves what, and on which devices it proves nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import Tables, schema_of
from autopilot_analysis.trace.marks import PAGE_FAILED, find_marks

MODERN = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
REGISTRATION = "Microsoft-Windows-User Device Registration"


def whole(table, row):
    schema = schema_of(table)
    return pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)


def marks_of(provider, event_id, data="{}", *, channel=f"{MODERN}/Autopilot", code=None, scenario=None):
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    event = {
        "device": "D", "member": "a.evtx", "record": 1, "recorded_at": at, "at": at, "clock": "declared",
        "channel": channel, "provider": provider, "event_id": event_id, "data": data, "code": code,
    }  # fmt: skip
    device = {"device": "D", "scenario": scenario}
    return find_marks(Tables.of({"events": whole("events", event), "devices": whole("devices", device)}))


def looked_up(*, event=None, member=None):
    """The mark of event 310 on a device that also has another event of Autopilot, or a member."""
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    own = {"device": "D", "member": "a.evtx", "recorded_at": at, "at": at, "clock": "declared",
           "channel": f"{MODERN}/Autopilot", "provider": MODERN, "data": "{}"}  # fmt: skip
    events = [own | {"record": 1, "event_id": 310}]
    events += [own | {"record": 2, "event_id": event[0], "data": event[1]}] if event else []
    tables = {
        "events": pl.concat([whole("events", row) for row in events]),
        "devices": whole("devices", {"device": "D"}),
    }
    if member:
        tables["members"] = whole(
            "members", {"device": "D", "member": member, "source": "x", "state": "read"}
        )
    found = find_marks(Tables.of(tables)).filter(pl.col("record") == 1)
    return found.select("mark", "edge").rows()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ({}, False),
        ({"event": (103, '{"Message1":"CloudAssignedTenantDomain","Message2":"contoso.com"}')}, True),
        ({"event": (103, '{"Message1":"CloudAssignedTenantDomain","Message2":""}')}, False),
        ({"event": (101, '{"Message1":"CloudAssignedOobeConfig","Int1":28}')}, True),
        ({"event": (100, '{"Message1":"CloudAssignedTenantDomain"}')}, False),
        ({"event": (153, '{"InitialState":0,"UpdateState":3}')}, True),
        ({"member": "Windows/Provisioning/Autopilot/AutopilotConfigurationFile.json"}, True),
        ({"member": "Contoso_AutopilotConfigurationFile.json"}, False),
    ],
)
def test_the_look_up_of_a_path_is_no_file_that_was_used(given, used):
    name, edge = ("configuration_file_used", "end") if used else ("configuration_file_sought", "note")
    assert looked_up(**given) == [(name, edge)]


@pytest.mark.parametrize(
    ("scenario", "edge"), [("user_driven", "note"), ("hybrid_join", "fail"), (None, "fail")]
)
def test_a_failed_automatic_join_fails_no_scenario_without_one(scenario, edge):
    found = marks_of(REGISTRATION, 304, channel=f"{REGISTRATION}/Admin", scenario=scenario)
    assert found["edge"].to_list() == [edge]


@pytest.mark.parametrize(
    ("state", "stages"),
    [(2, ["device_preparation"]), (3, ["device_preparation", "entra_join"]),
     (6, ["device_preparation", "mdm_enrollment"])],
)  # fmt: skip
def test_the_state_of_a_blocked_device_enrolment_names_the_part_that_failed(state, stages):
    found = marks_of(MODERN, 301, f'{{"State":{state},"HRESULT":"0x80180014"}}', code="0x80180014")
    assert sorted(found.filter(pl.col("edge") == "fail")["stage"].cast(pl.String)) == stages


def test_the_overall_result_of_a_preparation_is_its_code():
    data = '{"DisplayPageResult":"0x0","AgentResult":"0x80070643","OverallResult":"0x80070643"}'
    assert marks_of(MODERN, 401, data).select("mark", "code").rows() == [
        ("preparation_page_failed", "0x80070643")
    ]


SETTINGS = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Provisioning\AutopilotSettings"
TRACKING = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\Autopilot\EnrollmentStatusTracking"


def value_marks(key, name, value):
    row = {"device": "D", "member": "a.reg", "record": 1, "key": key, "name": name, "value": value}
    tables = {"registry_values": whole("registry_values", row), "devices": whole("devices", {"device": "D"})}
    return find_marks(Tables.of(tables))


@pytest.mark.parametrize("before", [0, 200, 800, 1000])
def test_the_state_of_a_category_is_kept_wherever_its_record_writes_it(before):
    value = f'{{"DeviceSetup.AppsSubcategory":"{"x" * before}","categoryState":"inProgress"}}'
    (row,) = value_marks(SETTINGS, "DeviceSetupCategory.Status", value).to_dicts()
    assert row["mark"] == "device_setup_category"
    assert '"categoryState":"inProgress"' in row["detail"]
    assert len(row["detail"]) <= 800


@pytest.mark.parametrize(
    ("scope", "value", "mark"),
    [
        ("Device", "0", "device_setup_not_completed"),
        ("S-1-12-1-1-2-3-4", "0x0", "account_setup_not_completed"),
        ("Device", "4294967295", "device_setup_completed"),
    ],
)
def test_a_page_that_says_so_is_not_completed(scope, value, mark):
    found = value_marks(rf"{TRACKING}\{scope}\Setup", "HasProvisioningCompleted", value)
    assert found["mark"].to_list() == [mark]


PAGE = "UnifiedEnrollment_ProvisioningProgressPage_ApplicationsFailed"
SHOWN = "account setup that the status page shows as failed"
STOPPED = '{"categoryState":"failed"}'
SHELL = "Microsoft-Windows-Shell-Core"


def page_failed(message, *, written=(), stored=(), begun=(), name=PAGE):
    """The stage of a page that failed: with a message, beside lines written, states stored and a start."""
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    own = {"device": "D", "member": "a.evtx", "recorded_at": at, "at": at, "clock": "declared",
           "channel": f"{SHELL}/Operational", "provider": SHELL, "event_id": 62407}  # fmt: skip
    start = "CommercialOOBE_BootstrapStatusCategory_SubcategoryProcessing_Started"
    told = [(start, f"BootstrapStatus: {category}.AppsSubcategory") for category in begun]
    values = [f'{{"Name":"{told_as}","Value":"{value}"}}' for told_as, value in [*told, (name, message)]]
    events = [own | {"record": n, "data": data} for n, data in enumerate(values)]
    tables = {
        "events": pl.concat([whole("events", row) for row in events]),
        "devices": whole("devices", {"device": "D"}),
    }
    quoted = {"device": "D", "member": "a.txt", "record": 1, "section": "Quoted error", "value": "x"}
    if written:
        tables["properties"] = pl.concat([whole("properties", quoted | {"name": line}) for line in written])
    kept = {"device": "D", "member": "a.reg", "record": 1, "key": SETTINGS}
    if stored:
        rows = [kept | {"name": f"{part}Category.Status", "value": state} for part, state in stored]
        tables["registry_values"] = pl.concat([whole("registry_values", row) for row in rows])
    return find_marks(Tables.of(tables)).filter(edge=PAGE_FAILED)["stage"].to_list()


@pytest.mark.parametrize(
    ("message", "beside", "stage"),
    [
        ("BootstrapStatus: Account setup failed, Apps", {}, "account_setup"),
        ("BootstrapStatus: AccountSetup.AppsSubcategory", {}, "account_setup"),
        ("BootstrapStatus: Device setup failed, Apps", {"written": [SHOWN]}, "device_setup"),
        ("Failure page shown.", {}, None),
        ("Device setup is over, account setup failed", {}, None),
        ("Failure page shown.", {"written": [SHOWN]}, "account_setup"),
        ("Failure page shown.", {"written": [SHOWN, SHOWN.replace("account", "device")]}, None),
        ("Failure page shown.", {"stored": [("AccountSetup", STOPPED)]}, "account_setup"),
        ("Failure page shown.", {"stored": [("AccountSetup", '{"categoryState":"notStarted"}')]}, None),
        ("Failure page shown.", {"stored": [("AccountSetup", STOPPED)], "begun": ["DeviceSetup"]}, None),
        ("Failure page shown.", {"stored": [("DeviceSetup", STOPPED), ("AccountSetup", STOPPED)]}, None),
    ],
)
def test_a_failure_of_the_page_is_of_the_one_phase_that_is_named(message, beside, stage):
    assert page_failed(message, **beside) == [stage]


LATE = "UnifiedEnrollment_ProvisioningProgressPage_DeviceConfigurationTimeOut"
AGENT_S_PART = "BootstrapStatus: DevicePreparation.EspProviderInstallationSubcategory"
NOT_BEGUN = ("DeviceSetup", '{"categoryState":"notStarted"}')


@pytest.mark.parametrize(
    ("message", "beside", "stage"),
    [
        (AGENT_S_PART, {}, "device_preparation"),
        ("BootstrapStatus: DevicePreparation.MdmEnrollmentSubcategory", {}, "device_preparation"),
        ("Failure page shown.", {}, "device_setup"),
        ("BootstrapStatus: DeviceSetup.AppsSubcategory", {}, "device_setup"),
        ("BootstrapStatus: AccountSetup.AppsSubcategory", {}, "account_setup"),
        (
            "Failure page shown.",
            {"stored": [("DevicePreparation", STOPPED), NOT_BEGUN]},
            "device_preparation",
        ),
        ("Failure page shown.", {"stored": [("DevicePreparation", STOPPED)]}, "device_preparation"),
        (
            "Failure page shown.",
            {"stored": [("DevicePreparation", STOPPED), ("DeviceSetup", STOPPED)]},
            "device_setup",
        ),
        (
            "Failure page shown.",
            {"stored": [("DevicePreparation", STOPPED)], "begun": ["DeviceSetup"]},
            "device_setup",
        ),
        (
            "BootstrapStatus: DeviceSetup.AppsSubcategory",
            {"stored": [("DevicePreparation", STOPPED), NOT_BEGUN]},
            "device_setup",
        ),
        ("Failure page shown.", {"stored": [("AccountSetup", STOPPED)]}, "device_setup"),
        (
            "Failure page shown.",
            {"stored": [("DeviceSetup", '{"categoryState":"succeeded"}'), ("AccountSetup", STOPPED)]},
            "account_setup",
        ),
        ("Device setup is over, account setup failed", {}, None),
    ],
)
def test_the_time_of_the_page_ended_in_the_part_that_its_record_names_or_the_registry(message, beside, stage):
    assert page_failed(message, **beside, name=LATE) == [stage]


OTHER_LOG = "Microsoft-Windows-Provisioning-Diagnostics-Provider"


@pytest.mark.parametrize(
    ("seconds", "stages"),
    [(1, ["account_setup"] * 2), (59, ["account_setup"] * 2), (61, ["device_setup", "account_setup"])],
)
def test_two_records_of_one_failure_are_of_the_phase_that_one_of_them_names(seconds, stages):
    named = '{"Name":"CommercialOOBE_ESPProgress_Timeout","Value":"AccountSetup"}'
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    events = [
        {"provider": OTHER_LOG, "channel": f"{OTHER_LOG}/Admin", "at": at,
         "data": f'{{"Message1":"{LATE}"}}'},
        {"provider": "Microsoft-Windows-Shell-Core", "channel": "Microsoft-Windows-Shell-Core/Operational",
         "event_id": 62407, "data": named, "at": at + timedelta(seconds=seconds)},
    ]  # fmt: skip
    rows = [
        whole(
            "events",
            {"device": "D", "member": "a", "record": n, "recorded_at": at, "clock": "declared"} | row,
        )
        for n, row in enumerate(events)
    ]
    tables = Tables.of({"events": pl.concat(rows), "devices": whole("devices", {"device": "D"})})
    assert find_marks(tables).filter(edge=PAGE_FAILED)["stage"].to_list() == stages


@pytest.mark.parametrize(
    ("states", "ends", "at"),
    [
        ((1, 2), (1767261600000, 1767262200000), datetime(2026, 1, 1, 10, 10, tzinfo=UTC)),
        ((1, 1), (None, 1767261600000), datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ((1, 5), (1767261600000, None), None),
        ((1, 4), (1767261600000, 1767262200000), None),
        ((0, 1), (None, 1767262200000), None),
    ],
)
def test_workloads_are_done_when_the_last_of_them_ended_and_none_is_open(states, ends, at):
    works = [
        {"WorkloadId": str(n), "WorkloadState": state, "EndTime": f"/Date({end})/" if end else None}
        for n, (state, end) in enumerate(zip(states, ends, strict=True))
    ]
    value = json.dumps({"Workloads": works})
    key = r"HKEY_LOCAL_MACHINE\software\microsoft\intunemanagementextension\win32apps\ProvisioningProgress"
    done = value_marks(key, "ProvisioningProgress", value).filter(pl.col("edge") == "workloads_done")
    assert done["at"].to_list() == ([at] if at else [])

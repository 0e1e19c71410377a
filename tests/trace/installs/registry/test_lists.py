"""Packages, Office, expected items and workloads, as the registry lists them."""

import json
from datetime import UTC, datetime

import pytest

from autopilot_analysis.trace.installs.build import best_claims
from autopilot_analysis.trace.installs.registry.lists import (
    read_expected,
    read_office,
    read_packages,
    read_stamped,
    read_stamped_apps,
    read_workloads,
)
from autopilot_analysis.trace.installs.registry.tries import read_registry_claims

MSI = r"EnterpriseDesktopAppManagement\{whose}\MSI\{{AAAAAAAA-2222-4333-8444-555555555555}}"
DIAGNOSTICS = r"Windows\Autopilot\EnrollmentStatusTracking\ESPTrackingInfo\Diagnostics"
SCEP = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/One"


@pytest.mark.parametrize(
    ("whose", "phase"), [("S-0-0-00-0000000000", "device"), ("S-1-5-21-1-2-3-1001", "account")]
)
def test_a_package_is_named_after_its_file_and_belongs_to_whose_key_it_lies_under(low, whose, phase):
    key = MSI.format(whose=whose)
    url = "https://cdn.example.com/agent/Setup.msi?x=1"
    values = [("Status", "60"), ("LastError", "-2147023293"), ("CurrentDownloadUrl", url)]
    (row,) = read_packages(low(*((key, name, value) for name, value in values))).iter_rows(named=True)
    assert (row["name"], row["outcome"], row["code"], row["phase"]) == (
        "Setup.msi",
        "failed",
        "0x80070643",
        phase,
    )


@pytest.mark.parametrize(
    ("began", "instant"),
    [
        ("134169336001234567", datetime(2026, 3, 2, 14, 0, 0, 123456, tzinfo=UTC)),
        ("0", None),
        ("", None),
    ],
)
def test_a_package_tells_its_version_when_it_was_asked_for_and_when_its_last_try_began(low, began, instant):
    key = MSI.format(whose="S-0-0-00-0000000000")
    values = [
        ("Status", "70"), ("ProductVersion", "1.2.3"), ("CreationTime", "134169335400000000"),
        ("EnforcementStartTime", began),
    ]  # fmt: skip
    (row,) = read_packages(low(*((key, name, value) for name, value in values))).iter_rows(named=True)
    assert (row["version"], row["required_at"]) == ("1.2.3", datetime(2026, 3, 2, 13, 59, tzinfo=UTC))
    assert row["started_at"] == instant


def test_office_ends_as_its_final_status_says(low):
    key = r"OfficeCSP\bbbbbbbb-2222-4333-8444-555555555555"
    values = low((key, "Status", "50"), (key, "FinalStatus", "70"))
    (row,) = read_office(values).iter_rows(named=True)
    assert (row["kind"], row["outcome"], row["exit_code"]) == ("office", "succeeded", None)


@pytest.mark.parametrize(
    ("values", "exit_code", "code"),
    [
        ([("FinalStatus", "60"), ("Status", "17002")], 17002, "0x8007426A"),
        ([("FinalStatus", "60"), ("Status", "0")], None, None),
        ([("Status", "60")], None, None),
    ],
)
def test_office_that_failed_says_what_its_setup_ended_with(low, values, exit_code, code):
    key = r"OfficeCSP\bbbbbbbb-2222-4333-8444-555555555555"
    (row,) = read_office(low(*((key, name, value) for name, value in values))).iter_rows(named=True)
    assert (row["outcome"], row["exit_code"], row["code"]) == ("failed", exit_code, code)


def test_an_expected_item_ends_with_its_first_1_and_is_required_from_its_first_stamp(low):
    def stamp(minute):
        return rf"{DIAGNOSTICS}\ExpectedSCEPCerts\2026-03-02T08:0{minute}:00.000Z"

    values = low((stamp(1), SCEP, "0"), (stamp(5), SCEP, "1"), (stamp(3), SCEP, "1"), (stamp(4), SCEP, "2"))
    (row,) = read_stamped(values).iter_rows(named=True)
    at = [datetime(2026, 3, 2, 8, minute, tzinfo=UTC) for minute in (1, 3)]
    assert [row["outcome"], row["required_at"], row["ended_at"]] == ["succeeded", *at]
    assert (row["kind"], row["blocking"], row["phase"]) == ("certificate", True, "device")


def test_the_list_of_expected_items_says_what_the_page_waits_for_and_not_how_it_ended(low):
    office = "./Device/Vendor/MSFT/Office/Installation/BBBBBBBB-2222-4333-8444-555555555555/Install"
    package = "./User/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/%7BAAAAAAAA%7D/DownloadInstall"
    key = r"Enrollments\0000\FirstSync"
    rows = read_expected(low((key, "ExpectedMSIAppPackages", f"{office};1\uf000{package};1")))
    assert rows.select("kind", "item", "phase", "outcome", "blocking").rows() == [
        ("office", "bbbbbbbb-2222-4333-8444-555555555555", "device", None, True),
        ("msi", "{aaaaaaaa}", "account", None, True),
    ]


def test_a_workload_of_device_preparation_has_its_own_times_and_a_date_before_1980_is_none(low):
    work = {
        "WorkloadId": "CCCCCCCC-2222-4333-8444-555555555555", "FriendlyName": "Viewer", "WorkloadState": 4,
        "ErrorCode": -2016345060, "StartTime": "/Date(1772438400000)/", "EndTime": "/Date(-62135596800000)/",
        "WorkloadType": "Script",
    }  # fmt: skip
    key = r"Provisioning\AutopilotSettings"
    (row,) = read_workloads(low((key, "ProvisioningProgress", json.dumps({"Workloads": [work]})))).iter_rows(
        named=True
    )
    assert (row["kind"], row["outcome"], row["code"]) == ("script", "failed", "0x87D1041C")
    assert (row["started_at"], row["ended_at"]) == (datetime(2026, 3, 2, 8, tzinfo=UTC), None)


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"Workloads": [{"FriendlyName": "x"}]}'])
def test_progress_that_names_no_workload_claims_nothing(low, text):
    assert read_workloads(low(("x", "ProvisioningProgress", text))).is_empty()


APP = "bbbbbbbb-2222-4333-8444-555555555555"
TRACKED = f"./Device/Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps/Tracking/Sidecar/Win32App_{APP}_1"


def states(*series, user=""):
    """Keys of one app's states, by minute of the hour."""
    return [
        (rf"{DIAGNOSTICS}\{user}Sidecar\2026-03-02T14:{minute:02}:00.1234567Z", TRACKED, state)
        for minute, state in series
    ]


@pytest.mark.parametrize(
    ("series", "outcome", "ended"),
    [
        ([(1, "1"), (5, "2"), (20, "4")], "failed", 20),
        ([(1, "2"), (20, "4"), (31, "4")], "failed", 20),
        ([(1, "2"), (20, "4"), (31, "3")], "succeeded", 31),
        ([(1, "2"), (20, "4"), (31, "2")], "unfinished", None),
        ([(1, "1")], "never_started", None),
        ([(20, "4"), (1, "2")], "failed", 20),
    ],
)
def test_the_last_state_of_an_app_counts_and_ends_it_when_it_first_stood_there(low, series, outcome, ended):
    (row,) = read_stamped_apps(low(*states(*series))).iter_rows(named=True)
    assert (row["item"], row["kind"], row["phase"], row["outcome"]) == (APP, "win32", "device", outcome)
    instant = datetime(2026, 3, 2, 14, 0, 0, 123456, tzinfo=UTC)
    assert row["ended_at"] == (None if ended is None else instant.replace(minute=ended))
    assert row["required_at"] == instant.replace(minute=min(minute for minute, _ in series))


def test_the_apps_of_a_user_are_of_the_account_and_apart(low):
    both = [*states((5, "4")), *states((7, "3"), user="S-1-12-1-1-2-3-4\\")]
    found = read_stamped_apps(low(*both)).select("phase", "outcome").rows()
    assert found == [("device", "failed"), ("account", "succeeded")]


def test_what_stands_beside_the_states_of_apps_is_no_app(low):
    (key, _, _) = states((1, "2"))[0]
    beside = [(key, "LastLoggedState", "4"), (key, SCEP, "4"), (rf"{DIAGNOSTICS}\Sidecar\soon", TRACKED, "4")]
    assert read_stamped_apps(low(*beside)).is_empty()


@pytest.mark.parametrize(
    ("status", "final", "outcome", "exit_code"),
    [
        ("50", "997", "unfinished", None),
        ("25", "997", "waiting", None),
        ("9", "997", "unfinished", None),
        ("70", "997", "succeeded", None),
        ("50", "17002", "failed", 17002),
        ("60", "30088", "failed", 30088),
    ],
)
def test_a_final_status_of_office_may_be_what_its_own_setup_left(low, status, final, outcome, exit_code):
    key = r"OfficeCSP\bbbbbbbb-2222-4333-8444-555555555555"
    (row,) = read_office(low((key, "Status", status), (key, "FinalStatus", final))).iter_rows(named=True)
    assert (row["outcome"], row["exit_code"]) == (outcome, exit_code)


@pytest.mark.parametrize(("tracked", "outcome"), [("1", "succeeded"), ("0", "unfinished")])
def test_office_that_the_page_has_as_done_is_done(low, tracked, outcome):
    office = "bbbbbbbb-2222-4333-8444-555555555555"
    node = f"./Device/Vendor/MSFT/Office/Installation/{office}/Install"
    stamp = rf"{DIAGNOSTICS}\ExpectedMSIAppPackages\2026-03-02T09:11:20.100Z"
    values = low((rf"OfficeCSP\{office}", "FinalStatus", "997"), (stamp, node, tracked))
    claims = best_claims(read_registry_claims(values.drop("path", "label")))
    assert claims["outcome"].to_list() == [outcome]

"""Installs from event logs and from what the registry adds; every id, name and time here is made up."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import SCHEMAS, Tables, schema_of
from autopilot_analysis.trace.installs.build import build_installs
from autopilot_analysis.trace.installs.events import read_installs_from_events

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MANAGEMENT = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
APPX = "Microsoft-Windows-AppXDeployment-Server"
APP = "11111111-2222-4333-8444-555555555555"
USER = "99999999-8888-4777-8666-555555555555"
TRACK = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\Autopilot\EnrollmentStatusTracking"
AGENT = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\IntuneManagementExtension"


def frame(table, rows):
    schema = schema_of(table)
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def events(*records, provider=MANAGEMENT):
    """Records as (seconds, id, fields, code, level), the last two optional."""
    rows = []
    for n, (at, number, data, *more) in enumerate(records, 1):
        code, level = (*more, None, None)[:2]
        here = {"device": "D", "member": "a.evtx", "record": n, "clock": "declared", "provider": provider}
        moment = START + timedelta(seconds=at)
        rows.append(
            here
            | {"at": moment, "recorded_at": moment, "event_id": number, "data": json.dumps(data)}
            | {"code": code, "level": level or 4}
        )
    return frame("events", rows)


def registry(*rows):
    base = {"device": "D", "member": "dump.reg", "kind": "REG_SZ"}
    return frame(
        "registry_values",
        [base | {"record": n, "key": k, "name": m, "value": v} for n, (k, m, v) in enumerate(rows, 1)],
    )


def tables(**frames):
    empty = {name: SCHEMAS[name].create_empty() for name in Tables.__dataclass_fields__}
    return Tables(**(empty | frames))


def seconds(row, name):
    return None if row[name] is None else (row[name] - START).total_seconds()


EXPECTED = (
    rf"{TRACK}\ESPTrackingInfo\Diagnostics\ExpectedSCEPCerts\2026-03-02T08:00:00.000Z",
    "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/Cert_One",
    "0",
)
REQUEST = {"Message1": "1.3.6.1.5.5.7.3.2", "Message2": "https://ndes.example.com/scep", "Message3": ""}


def test_a_certificate_that_is_asked_for_twice_has_two_tries():
    named = {"Message1": "Cert_One", "Message2": ""}
    told = events(
        (0, 306, named),
        (1, 36, REQUEST),
        (2, 37, {}),
        (9, 32, {"HRESULT": "0x80072ee7"}, "0x80072EE7"),
        (60, 306, named),
        (61, 36, REQUEST),
        (62, 37, {}),
        (70, 38, {}),
        (71, 39, {}),
    )
    rows = build_installs(tables(events=told, registry_values=registry(EXPECTED)))
    assert rows.select("kind", "try_number", "outcome", "code", "blocking", "phase").rows() == [
        ("certificate", 1, "failed", "0x80072EE7", True, "device"),
        ("certificate", 2, "succeeded", None, True, "device"),
    ]
    assert rows["item"].unique().to_list() == [EXPECTED[1]]
    assert [seconds(row, "ended_at") for row in rows.iter_rows(named=True)] == [9, 71]


def test_a_request_without_a_name_is_the_only_expected_certificate_and_else_nobody_s():
    told = events((1, 36, REQUEST), (2, 37, {}))
    alone = build_installs(tables(events=told, registry_values=registry(EXPECTED)))
    assert alone.select("item", "outcome", "reason").rows() == [
        (EXPECTED[1], "unfinished", "the request was sent, nothing came after")
    ]
    other = (EXPECTED[0], EXPECTED[1].replace("One", "Two"), "0")
    rows = build_installs(tables(events=told, registry_values=registry(EXPECTED, other)))
    assert rows.filter(outcome="unfinished")["item"].to_list() == ["certificate of ndes.example.com"]


def test_a_pfx_certificate_succeeds_or_fails_with_its_code():
    told = events((0, 310, {"Message1": "A1B2"}), (5, 310, {"Message1": "C3D4"}, "0x80090016"))
    assert read_installs_from_events(told).select("item", "outcome", "code").rows() == [
        ("A1B2", "succeeded", None),
        ("C3D4", "failed", "0x80090016"),
    ]


def test_a_refused_command_names_its_locuri_its_kind_and_its_code():
    refused = {
        "./User/Vendor/MSFT/Policy/Config/Education/AllowGraphingCalculator": ("policy", "account"),
        "./Device/Vendor/MSFT/WiFi/Profile/Example": ("network", "device"),
        "./Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/%7BAAAAAAAA-2222%7D/DownloadInstall": (
            "msi",
            "device",
        ),
        "./Vendor/MSFT/ClientCertificateInstall/SCEP/One/Install/Enroll": ("certificate", None),
    }
    told = events(
        *((n, 404, {"Message1": "x", "Message5": uri}, "0x86000002", 2) for n, uri in enumerate(refused))
    )
    rows = read_installs_from_events(told).sort("ended_at")
    assert rows.select("kind", "phase").rows() == list(refused.values())
    assert set(rows["outcome"]) == {"failed"}
    assert set(rows["code"]) == {"0x86000002"}
    assert rows["item"].to_list()[2:] == [
        "{aaaaaaaa-2222}",
        "./Vendor/MSFT/ClientCertificateInstall/SCEP/One",
    ]


def test_a_policy_is_set_again_and_again_and_every_time_is_a_row():
    told = {"Message1": "AllowIt", "Message2": "Example", "Message3": USER, "Message4": "Device"}
    own = told | {"Message2": "knobs"}
    failed = told | {"HexInt3": "0x80070005"}
    rows = read_installs_from_events(
        events((0, 813, told), (60, 813, told), (90, 809, failed, None, 2), (95, 813, own))
    )
    assert rows.select("item", "try_number", "outcome", "code").rows() == [
        ("./Device/Vendor/MSFT/Policy/Config/Example/AllowIt", 1, "succeeded", None),
        ("./Device/Vendor/MSFT/Policy/Config/Example/AllowIt", 2, "succeeded", None),
        ("./Device/Vendor/MSFT/Policy/Config/Example/AllowIt", 3, "failed", "0x80070005"),
    ]


def test_policies_that_make_the_device_restart_are_told_one_by_one():
    uris = "./Device/Vendor/MSFT/Policy/Config/A/One ./Device/Vendor/MSFT/Policy/Config/B/Two"
    rows = read_installs_from_events(events((0, 2800, {"Message1": uris})))
    assert rows.select("item", "outcome", "reason").rows() == [
        (uri, "waiting", "asks for a reboot") for uri in uris.split()
    ]


def test_a_modern_app_fails_with_the_cause_and_not_with_the_sum_of_it():
    package = "Example.Whiteboard_1.0.0.0_x64__0123456789abc"
    asked = {"PackageFullName": package, "CallingProcess": "svchost.exe,wuauserv"}
    told = events(
        (0, 607, asked),
        (20, 401, asked, "0x80073CF3", 2),
        (20, 404, asked | {"SummaryError": "Deployment failed."}, "0x80073CF9", 2),
        (40, 607, asked),
        (55, 400, asked),
        provider=APPX,
    )
    row = read_installs_from_events(told).row(0, named=True)
    assert (row["item"], row["kind"], row["outcome"], row["code"], seconds(row, "ended_at")) == (
        "Example.Whiteboard_0123456789abc",
        "modern",
        "failed",
        "0x80073CF3",
        20,
    )
    assert json.loads(row["detail"])["outer"] == "0x80073CF9"


def test_windows_updating_its_own_apps_is_no_install_unless_it_is_expected():
    asked = {
        "PackageFullName": "Example.Clock_1.0.0.0_x64__0123456789abc",
        "CallingProcess": "svchost.exe,wuauserv",
    }
    told = events((0, 607, asked), (9, 400, asked), provider=APPX)
    assert read_installs_from_events(told).is_empty()
    expected = pl.DataFrame({"device": ["D"], "item": ["example.clock_0123456789abc"], "kind": ["modern"]})
    assert read_installs_from_events(told, expected)["outcome"].to_list() == ["succeeded"]


def test_the_same_log_collected_twice_counts_once():
    told = events((0, 310, {"Message1": "A1B2"}))
    twice = pl.concat([told, told.with_columns(member=pl.lit("copy/a.evtx"))])
    assert read_installs_from_events(twice).height == 1


def test_remediations_that_only_the_registry_knows_have_their_outcome():
    scripts = rf"{AGENT}\SideCarPolicies\Scripts"
    mended = {"Info": {"FirstDetectExitCode": 1, "RemediationExitCode": 0, "LastDetectExitCode": 0}}
    broken = {"ErrorCode": -2016281112, "Info": {"FirstDetectExitCode": 1, "LastDetectExitCode": 1}}
    other = APP.replace("1111", "2222")
    rows = build_installs(
        tables(
            registry_values=registry(
                (rf"{scripts}\Execution\{USER}\{APP}_1", "LastExecution", "03/02/2026 08:05:00"),
                (rf"{scripts}\Reports\{USER}\{APP}_1\Result", "Result", json.dumps(mended)),
                (rf"{scripts}\Reports\{USER}\{other}_1\Result", "Result", json.dumps(broken)),
            )
        )
    ).sort("item")
    assert rows.select("kind", "outcome", "code").rows() == [
        ("remediation", "succeeded", None),
        ("remediation", "failed", "0x87D1FDE8"),
    ]
    assert seconds(rows.row(0, named=True), "ended_at") == 300


def test_an_app_that_only_the_registry_calls_not_applicable_is_skipped_with_the_requirement():
    nobody = "00000000-0000-0000-0000-000000000000"
    key = rf"{AGENT}\Win32Apps\{nobody}\{APP}_1"
    unfit = '{"Applicability":1004,"ComplianceState":5,"DesiredState":2}'
    values = registry((key, "ComplianceStateMessage", unfit))
    row = build_installs(tables(registry_values=values)).row(0, named=True)
    assert (row["item"], row["outcome"], row["reason"]) == (
        APP,
        "skipped",
        "not applicable: too few processors",
    )
    fits = registry((key, "ComplianceStateMessage", unfit.replace("1004", "0")))
    assert build_installs(tables(registry_values=fits)).is_empty()
    failed = '{"EnforcementState":5000,"ErrorCode":-2147023293}'
    both = registry((key, "ComplianceStateMessage", unfit), (key, "EnforcementStateMessage", failed))
    assert build_installs(tables(registry_values=both))["outcome"].to_list() == ["failed"]


def test_a_retry_lock_alone_says_that_the_app_waits_since_then():
    key = rf"{AGENT}\Win32Apps\{USER}\GRS\c29tZWhhc2g=\{APP}"
    rows = build_installs(tables(registry_values=registry((key, APP, "03/02/2026 08:05:00"))))
    row = rows.row(0, named=True)
    assert (row["outcome"], row["reason"], seconds(row, "started_at")) == ("waiting", "GRS", 300)


def test_office_and_the_workloads_of_device_preparation_have_their_states():
    work = {
        "WorkloadId": APP,
        "FriendlyName": "Example",
        "WorkloadState": 4,
        "ErrorCode": -2147023293,
        "StartTime": "/Date(1772438400000)/",
        "EndTime": "/Date(1772438460000)/",
    }
    rows = build_installs(
        tables(
            registry_values=registry(
                (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\OfficeCSP\example-id", "FinalStatus", "60"),
                (
                    rf"{AGENT}\Win32Apps\ProvisioningProgress",
                    "ProvisioningProgress",
                    json.dumps({"Workloads": [work]}),
                ),
            )
        )
    ).sort("kind")
    assert rows.select("kind", "name", "outcome", "code", "waited").rows() == [
        ("win32", "Example", "failed", "0x80070643", timedelta(minutes=1)),
        ("office", "Microsoft 365 Apps", "failed", None, None),
    ]


def test_an_app_left_out_by_an_assignment_filter_is_skipped_with_that_reason():
    policy = {"Id": APP, "Name": "Example", "Intent": 3, "AppApplicabilityStateDueToAssginmentFilters": 1010}
    line = {
        "device": "D",
        "member": "AppWorkload.log",
        "record": 1,
        "at": START,
        "clock": "device_zone",
        "message": f"Get policies = {json.dumps([policy])}",
    }
    rows = build_installs(tables(log_lines=frame("log_lines", [line])))
    assert rows.select("name", "outcome", "reason").rows() == [
        ("Example", "skipped", "excluded by an assignment filter")
    ]


@pytest.mark.parametrize(
    ("file", "name"), [("Viewer.msi", "Viewer.msi"), ("{B6E8A27F-4A53-4F0B-9D0C-2D7F3A6C5E80}.msi", None)]
)
def test_the_name_under_which_management_keeps_a_package_names_nothing(file, name):
    product = "{8C0D3B64-5B0D-4B0E-A1E8-2D4B0C9F6E31}"
    told = events((0, 1924, {"Message1": product, "Message2": f"msiexec.exe /i C:\\mdm\\{file}"}))
    assert read_installs_from_events(told).select("item", "name").rows() == [(product.lower(), name)]

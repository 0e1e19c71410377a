"""The screen of Get-AutopilotDiagnostics, put back into the registry values and events that it shows."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.diagnostics_screen import SCRIPT_ERROR, read_diagnostics_screen
from autopilot_analysis.readers.formats import READERS

GOOD, BAD = "11111111-2222-4333-8444-555555555555", "22222222-2222-4333-8444-555555555555"
SCREEN = f"""
AUTOPILOT DIAGNOSTICS

OS version: 10.0.22631
Profile: Pool of the north
TenantDomain: example.onmicrosoft.com
EntDMID: 33333333-2222-4333-8444-555555555555
OobeConfig: 1310
 Skip keyboard: Yes 1 - - - - - - - - - -
Scenario: SCENARIO
ODJ applied: No

DEVICE ESP:

Sidecar apps:
 2026-01-20 10:31:54Z
 Win32 Win32App_{GOOD}_1 : 3 (Success / Installed, rc = 0)
 APP

OBSERVED TIMELINE:

Date                 Status                                          Detail
----                 ------                                          ------
2026-01-20 10:02:11Z Profile downloaded                              Autopilot profile
2026-01-20 10:06:40Z MDM Enroll: Succeeded                           MDM Enrollment
EVENTS
"""
ENTRA, HYBRID = "Azure AD Join", "Hybrid Azure AD Join"
FAILED = f"Win32 Win32App_{BAD}_2 : 4 (Error / Failed, rc = 1603)"


def screen(app="", events="", scenario=ENTRA):
    return SCREEN.replace("APP\n", f"{app}\n").replace("EVENTS", events).replace("SCENARIO", scenario)


def read(text):
    return read_diagnostics_screen(text.encode()).rows


def values(text):
    rows = read(text)["registry_values"]
    return {row["key"].rpartition("\\")[2] + "\\" + row["name"]: row["value"] for row in rows.to_dicts()}


def rules(folder, text):
    (folder / "screen.txt").write_text(text)
    tables = read_tables(open_export(folder / "screen.txt"))
    return set(find(tables, build_trace(tables)).findings["rule"])


def odj(*words):
    return "\n".join(
        f"2026-01-20 10:{place:02}:52Z {text}   Offline Domain Join" for place, text in enumerate(words, 10)
    )


def test_values_of_the_profile_stand_where_the_script_reads_them():
    found = values(screen())
    assert found["Autopilot\\DeploymentProfileName"] == "Pool of the north"
    assert found["Autopilot\\CloudAssignedOobeConfig"] == "1310"
    assert found["EstablishedCorrelations\\EntDMID"] == "33333333-2222-4333-8444-555555555555"
    assert found[f"Win32App_{GOOD}_1\\InstallationState"] == "3"
    assert "Autopilot\\CloudAssignedTenantId" not in found


@pytest.mark.parametrize(
    "shown",
    [
        FAILED,
        f"Win32 Win32App_{BAD}_2 : 4 (Error), rc = 1603",
        f"\x1b[91mWin32 Reader of the north (Win32App_{BAD}_2) : 4 (Error / Failed, rc = 1603)\x1b[0m",
    ],
)
def test_an_app_has_its_state_and_its_exit_code(shown):
    found = values(screen(shown))
    assert (found[f"Win32App_{BAD}_2\\InstallationState"], found[f"{BAD}_2\\ExitCode"]) == ("4", "1603")


def test_of_several_sessions_the_last_state_counts():
    found = values(
        screen(f"{FAILED}\n 2026-01-20 10:41:54Z\n Win32 Win32App_{BAD}_2 : 3 (Success / Installed)")
    )
    assert found[f"Win32App_{BAD}_2\\InstallationState"] == "3"


def test_packages_and_apps_of_a_user_stand_under_the_user():
    package = f"MSI Reader ({{{BAD}}}) : 60 (Enforcement Failed)"
    rows = read(screen(f"{package}\nUSER ESP for S-1-12-1-1-2-3-4:\n{FAILED}"))["registry_values"]
    keys = {row["name"]: row["key"] for row in rows.to_dicts() if row["value"] in ("60", "4", "1603")}
    assert keys["Status"].endswith(f"\\S-0-0-00-0000000000-0000000000-000000000-000\\MSI\\{{{BAD}}}")
    assert "\\EnrollmentStatusTracking\\S-1-12-1-1-2-3-4\\Setup\\" in keys["InstallationState"]
    assert "ExitCode" not in keys


@pytest.mark.parametrize("colour", [("", ""), ("\x1b[93m", "\x1b[0m")])
@pytest.mark.parametrize("margin", ["", "> "])
def test_the_timeline_holds_events_by_the_clock_of_the_device(margin, colour):
    words = f"{colour[0]}Timed out waiting for ODJ blob or connectivity{colour[1]}"
    text = "".join(margin + line for line in screen(events=odj(words)).splitlines(keepends=True))
    rows = read(text)["events"]
    assert rows["event_id"].to_list() == [72, 109]
    assert json.loads(rows["data"][1]) == {"HexInt1": "0x3"}
    assert set(rows["clock"]) == {"unknown"}


def test_a_failed_app_and_a_time_out_have_their_rules(tmp_path):
    assert "ESP-APP-FAILED" in rules(tmp_path, screen(FAILED))
    late = odj("Starting wait for ODJ blob", "Timed out waiting for ODJ blob or connectivity")
    assert rules(tmp_path, screen(events=late, scenario=HYBRID)) >= {"HYBRID-BLOB-MISSING"}


@pytest.mark.parametrize(
    ("events", "scenario"),
    [
        (
            odj(
                "Starting wait for ODJ blob",
                "Waiting for ODJ blob",
                "Processed ODJ blob",
                "Successfully applied ODJ blob",
            ),
            HYBRID,
        ),
        ("", ENTRA),
    ],
)
def test_a_blob_that_came_and_one_that_nothing_waits_for_are_no_failure(tmp_path, events, scenario):
    assert rules(tmp_path, screen(events=events, scenario=scenario)) <= {"ATTEMPT-UNFINISHED"}


@pytest.mark.parametrize(
    "text", ["", "Profile: Pool\n", "The script Get-AutopilotDiagnostics shows AUTOPILOT DIAGNOSTICS"]
)
def test_any_other_text_is_refused(text):
    with pytest.raises(NotThisFormat):
        read(text)


@pytest.mark.parametrize(("shown", "code"), [(FAILED, 1603), (FAILED.replace(": 4 (", ": 2 ("), None)])
def test_the_exit_code_stands_beside_an_app_that_failed(tmp_path, shown, code):
    (tmp_path / "screen.txt").write_text(screen(shown))
    installs = build_trace(read_tables(open_export(tmp_path / "screen.txt"))).installs
    assert installs.filter(item=BAD)["exit_code"].to_list() == [code]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Offline domain join not configured", "0x0"),
        ("Waiting for ODJ blob", "0x1"),
        ("Processed ODJ blob", "0x2"),
        ("Timed out waiting for ODJ blob or connectivity", "0x3"),
    ],
)
def test_each_state_of_the_offline_join_is_its_own(words, value):
    assert json.loads(read(screen(events=odj(words)))["events"]["data"][1]) == {"HexInt1": value}


OFFICE = "bbbbbbbb-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("shown", "state", "status"),
    [
        (f"MSI Reader ({{{BAD}}}) : 60 (Enforcement Failed)", "0", "60"),
        (f"MSI {{{BAD}}} : 70 (Success / Enforcement Completed)", "1", "70"),
        (f"Office {OFFICE} : 0 (Not Processed / 997)", "0", "997"),
        (f"Office Microsoft 365 Apps ({OFFICE}) : 1 (Processed / 70)", "1", "70"),
    ],
)
def test_the_page_waited_for_each_package_and_office_that_is_shown(shown, state, status):
    rows = read(screen(shown))["registry_values"].to_dicts()
    assert [row["value"] for row in rows if "\\ExpectedMSIAppPackages\\" in row["key"]] == [state]
    assert [row["value"] for row in rows if row["name"] in ("Status", "FinalStatus")] == [status]


def test_a_package_of_the_list_that_failed_is_one_the_page_waited_for(tmp_path):
    assert "APP-FAILED-TRACKED" in rules(tmp_path, screen(f"MSI {{{BAD}}} : 60 (Enforcement Failed)"))
    assert "APP-FAILED-TRACKED" not in rules(tmp_path, screen(f"MSI {{{BAD}}} : 70 (Success / Done)"))


def test_a_mail_with_an_event_beside_the_screen_gives_both_in_the_order_of_time():
    event = (
        "Log Name:      Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider/Admin\n"
        "Source:        Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider\n"
        "Date:          1/20/2026 11:30:00 AM\nEvent ID:      404\nLevel:         Error\n"
        "Description:\nMDM ConfigurationManager: Command failure status.\n\n"
    )
    rows = READERS["event_log"].read(f"{event}{SCREEN}".encode(), "mail.txt").rows
    assert rows["events"]["record"].to_list() == [*range(1, rows["events"].height + 1)]
    assert rows["events"]["at"].is_sorted()
    assert rows["events"]["event_id"].to_list()[-1] == 404
    assert "DeploymentProfileName" in set(rows["registry_values"]["name"])


def test_a_mail_with_an_event_alone_gives_no_registry():
    event = "Log Name: Application\nSource: MsiInstaller\nDate: 1/20/2026 11:30:00 AM\nEvent ID: 1033\n"
    assert "registry_values" not in READERS["event_log"].read(event.encode(), "mail.txt").rows


SESSION, LATER = "2026-02-03 09:10:11Z", "2026-02-03 10:20:11Z"
POLICY = "Policy ./Device/Vendor/MSFT/Policy/Config/Update/AllowAutoUpdate : 1 (Processed)"
CERT = "ModelName_AC_1_LogicalName_2_Hash_33"
OPEN, CLOSED = f"Cert {CERT} : 0 (Not Processed)", f"Cert {CERT} : 1 (Processed)"
ERROR = """Cannot index into a null array.
At C:\\t\\Get-AutopilotDiagnosticsCommunity.ps1:298 char:5
+     $list.Value[0].display = $true
    + CategoryInfo          : InvalidOperation: (:) [], RuntimeException
    + FullyQualifiedErrorId : NullArray
"""
ERROR_OF_7 = """InvalidOperation: C:\\t\\Get-AutopilotDiagnosticsCommunity.ps1:298
Line |
 298 |      $list.Value[0].display = $true
     |      ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
     | Cannot index into a null array.
"""


@pytest.mark.parametrize(
    ("line", "key", "name", "value"),
    [
        (POLICY, "ExpectedPolicies", "./Device/Vendor/MSFT/Policy/Config/Update/AllowAutoUpdate", "1"),
        (OPEN, "ExpectedSCEPCerts", f"./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/{CERT}", "0"),
        (
            f"Cert WiFi of the north ({CERT}) : 1 (Processed)",
            "ExpectedSCEPCerts",
            f"./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/{CERT}",
            "1",
        ),
        (
            "User UWP Example.Portal_8wekyb : 1 (Processed)",
            "ExpectedModernAppPackages",
            "./User/Vendor/MSFT/EnterpriseModernAppManagement/AppManagement/AppStore/Example.Portal_8wekyb",
            "1",
        ),
        (
            f"{LATER} Processed      Cert {CERT}",
            "ExpectedSCEPCerts",
            f"./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/{CERT}",
            "1",
        ),
    ],
)
def test_an_item_of_the_page_stands_in_the_list_that_the_script_reads(line, key, name, value):
    text = f"{POLICY}\n{SESSION}\n{line}\n"
    row = read(text)["registry_values"].to_dicts()[-1]
    shown = LATER if line.startswith(LATER) else SESSION
    assert row["key"].endswith(f"\\ESPTrackingInfo\\Diagnostics\\{key}\\shown {shown}")
    assert (row["name"], row["value"]) == (name, value)


def test_an_item_of_a_user_stands_under_the_user():
    text = f"USER ESP for S-1-12-1-1-2-3-4:\n{SESSION}\n{OPEN}\n"
    (row,) = read(text)["registry_values"].to_dicts()
    assert "\\Diagnostics\\S-1-12-1-1-2-3-4\\ExpectedSCEPCerts\\" in row["key"]


def error_of(text):
    rows = read(text)["properties"].filter(section=SCRIPT_ERROR)
    return rows.select("name", "value", "record").rows()


PLACE = "Get-AutopilotDiagnosticsCommunity.ps1, line 298"


@pytest.mark.parametrize(
    "error",
    [
        ERROR,
        ERROR.replace("At C:", "In C:").replace("char:5", "Zeichen:5"),
        ERROR.replace("At C:", "Au caractère C:").replace("298 char:5", "298 : 5"),
        "".join(f"> {line}\n" for line in ERROR.splitlines()),
        ERROR_OF_7,
    ],
)
def test_an_error_of_the_script_is_told_with_its_place(error):
    assert error_of(f"{POLICY}\n{error}") == [(PLACE, "Cannot index into a null array.", 2)]
    assert error_of(error)


@pytest.mark.parametrize(
    "text",
    [
        ERROR.replace("Get-AutopilotDiagnosticsCommunity", "Set-Branding"),
        ERROR_OF_7.replace("Get-AutopilotDiagnosticsCommunity", "Set-Branding"),
        "What does 0 (Not Processed) mean behind a policy of Get-AutopilotDiagnostics?\n",
        "Run Get-AutopilotDiagnostics.ps1: each policy is shown with 1 (Processed).\n",
    ],
)
def test_an_error_of_another_script_and_words_about_this_one_are_refused(text):
    with pytest.raises(NotThisFormat):
        read(text)

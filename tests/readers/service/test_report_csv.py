from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.code_pages import LAST_RESORT
from autopilot_analysis.facts.own_words import using_words
from autopilot_analysis.readers.service.report_csv import read_report_csv
from autopilot_analysis.tables import Deployment

V2 = (
    "CurrentProvisioningPhase,DeploymentDurationTimeInSeconds,DeploymentStatus,DeviceId,DeviceName,"
    "EnrollmentTimeInUtc,Phase,ResultCode,SerialNumber,UPN\r\n"
    "AppInstall,1800,Failed,id-1,PC-1,2026-05-01 10:00:00.0000000,AppInstall,-2016345060,"
    "SN-0001,a@example.com\r\n"
)
V1 = (
    "AutopilotProfileName,DeploymentState,DeploymentState_loc,DeploymentTotalDuration,DeviceSerialNumber,"
    "DeviceSetupDuration,DeviceSetupStatus,DeploymentStartDateTime,OSVersion,ESPPolicyName\n"
    '"User, driven",3,Failed,00:41:02,SN-0001,PT35M,Failure,2026-05-01T10:00:00Z,'
    "10.0.22631.3447,All devices\n"
)


def test_the_device_preparation_report_is_read():
    deployments = read_report_csv(V2.encode()).rows["deployments"]
    Deployment.validate(deployments)
    row = deployments.row(0, named=True)
    assert (row["origin"], row["device"], row["outcome"]) == ("report_v2", "SN-0001", "failed")
    assert (row["total"], row["code"], row["failed_stage"]) == (
        timedelta(minutes=30), "0x87D1041C", "device_preparation",
    )  # fmt: skip
    assert row["started_at"] == datetime(2026, 5, 1, 10, tzinfo=UTC)


def test_the_classic_report_is_read_with_numbers_for_names_and_its_localised_twin_columns():
    reading = read_report_csv(V1.encode())
    row = reading.rows["deployments"].row(0, named=True)
    assert (row["profile"], row["outcome"], row["failed_stage"]) == ("User, driven", "failed", "device_setup")
    assert (row["total"], row["device_setup"]) == (timedelta(minutes=41, seconds=2), timedelta(minutes=35))
    assert row["build"] == "22631.3447"
    assert reading.unread == ()


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_file_saved_with_another_delimiter_says_the_same(delimiter):
    resaved = "\ufeff" + V2.replace(",", delimiter)
    assert (
        read_report_csv(resaved.encode())
        .rows["deployments"]
        .equals(read_report_csv(V2.encode()).rows["deployments"])
    )


@pytest.mark.parametrize("line", [b"sep=,\r\n", b"#TYPE System.Management.Automation.PSCustomObject\r\n"])
def test_the_line_before_the_header_is_skipped(line):
    assert read_report_csv(line + V2.encode()).rows["deployments"].height == 1


def test_the_device_preparation_report_numbers_its_states_in_its_own_way():
    header = "DeploymentStatus,DeploymentStatus_loc,DeviceName,EnrollmentTimeInUtc,ResultCode,SerialNumber\n"
    rows = ["2,Success,PC-1,2026-05-01 10:00:00.0000000,0,SN-0001",
            "3,Failed,PC-2,2026-05-01 10:00:00.0000000,-2147023436,SN-0002",
            "1,In progress,PC-3,2026-05-01 10:00:00.0000000,0,SN-0003",
            "1,,PC-4,2026-05-01 10:00:00.0000000,0,SN-0004"]  # fmt: skip
    deployments = read_report_csv((header + "\n".join(rows) + "\n").encode()).rows["deployments"]
    assert deployments.select("outcome", "code", "flags").rows() == [
        ("succeeded", None, None),
        ("failed", "0x800705B4", None),
        ("in_progress", None, None),
        ("unknown", None, "unknown_state=1"),
    ]


def test_a_file_saved_again_as_ansi_keeps_its_letters_and_says_so():
    reading = read_report_csv(V2.replace("PC-1", "BÜRO-1").encode("cp1252"))
    assert reading.rows["deployments"]["name"].to_list() == ["BÜRO-1"]
    assert [LAST_RESORT.capitalize() in gap.reason for gap in reading.unread] == [True]


def test_a_file_cut_within_a_letter_is_still_utf_8():
    reading = read_report_csv((V2 + "AppInstall,1,Failed,id-2,BÜ").encode()[:-1])
    assert not [gap for gap in reading.unread if LAST_RESORT.capitalize() in gap.reason]


def test_a_header_nobody_knows_is_named_and_its_cells_kept():
    portal = (
        "Enrollment date,Device serial number,Deployment status,Weather\n2026-05-31,SN-0001,Succeeded,rain\n"
    )
    reading = read_report_csv(portal.encode())
    assert "Weather" in reading.unread[0].reason
    assert reading.rows["properties"].rows() == [(1, "", "Weather", "rain")]
    assert reading.rows["deployments"]["outcome"].to_list() == ["succeeded"]


def test_a_file_that_breaks_off_says_in_which_row():
    cut = V2.encode() + b"AppInstall,1800,Fai"
    reading = read_report_csv(cut)
    assert [gap.reason for gap in reading.unread] == ["the file breaks off in row 2: 3 of 10 cells"]


def test_a_report_without_rows_is_empty_not_wrong():
    assert read_report_csv(V2.splitlines()[0].encode()).rows["deployments"].height == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><head></head></html>", "is a web page"),
        (b"a,b\n1,2\n", "the header of no report known here"),
        (b"\x00\x01\x02\x03", "the header of no report known here"),
        (b" \n", "is empty"),
    ],
)
def test_what_is_no_report_gets_one_clear_line(content, said):
    with pytest.raises(NotThisFormat, match=said):
        read_report_csv(content, "report.csv")


@pytest.mark.parametrize(
    ("header", "cells", "table"),
    [
        (
            "ApplicationId,ApplicationName,AppType,DeviceId,IsAdminSelected,"
            "PolicyInstallStatus",
            "a,Viewer,Win32,id-1,True,Failed",
            "item_statuses",
        ),
        (
            "DeviceId,DisplayName,PolicyId,PolicyInstallStatus",
            "id-1,Script,p,Installed",
            "item_statuses",
        ),
        (
            "EnrollmentFailureDateTime,EnrollmentMethod,FailureGuid,FailureReason,OS,"
            "OSVersion,UPN,UserId",
            "2026-05-01,x,g,r,Windows,10.0.22631.1,u,v",
            "enrollment_failures",
        ),
        (
            "AadDeviceId,Context,DeviceId,DeviceName,EnrollmentActivityId,"
            "EnrollmentDateTime,Failure,FailureReason,SerialNumber",
            "e,c,id-1,PC,act,2026-05-01,f,r,SN-0001",
            "enrollment_failures",
        ),
        (
            "ApplicationId,AppVersion,DeviceId,DeviceName,ErrorCode,HexErrorCode,"
            "InstallState,LastModifiedDateTime,UserPrincipalName",
            "a,1.0,id-1,PC,-2016345060,,Failed,2026-05-01,u",
            "item_statuses",
        ),
        (
            "ApplicationId,DisplayName,FailedDeviceCount,InstalledDeviceCount,Platform,"
            "Publisher",
            "a,Viewer,3,40,Windows,Fenwick",
            "item_counts",
        ),
        (
            "DeviceId,PolicyId,Target,PolicyType,ProfileName,UserId,State,Priority,"
            "LastAppliedTime",
            "id-1,p,t,ESP,All,u,Applied,1,2026-05-01",
            "policy_statuses",
        ),
        (
            "Device name,Serial number,Manufacturer,Model,OS version,Primary user UPN,"
            "Device ID",
            "PC,SN-0001,Fenwick,Slate,10.0.22631.1,u,id-1",
            "identities",
        ),
        (
            "Serial number,Manufacturer,Model,Group tag,Profile status",
            "SN-0001,Fenwick,Slate,NORTH,Assigned",
            "identities",
        ),
        (
            "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag",
            "SN-0001,,AAAA,NORTH",
            "identities",
        ),
    ],
)  # fmt: skip
def test_each_report_fills_its_table(header, cells, table):
    reading = read_report_csv(f"{header}\n{cells}\n".encode())
    assert reading.rows[table].height == 1
    assert "properties" not in reading.rows


def test_other_spellings_of_portal_headers_are_known_and_their_times_are_marked_as_local():
    text = (
        "Enrollment Date;Serial Number;Device Name;Deployment state;Device Setup Time;Total time\n"
        "2026-03-02 08:00:00;SN-0001;PC-1;Success;00:20:00;00:41:00\n"
    )
    reading = read_report_csv(b"\xff\xfe" + text.replace(";", "\t").encode("utf-16-le"))
    (found,) = reading.rows["deployments"].to_dicts()
    assert (found["device"], found["outcome"], found["flags"]) == ("SN-0001", "succeeded", "local_time")
    assert (found["device_setup"], found["total"]) == (timedelta(minutes=20), timedelta(minutes=41))
    assert len(reading.unread) == 1


def test_the_code_of_a_report_is_found_behind_a_text_without_one():
    header = "DeploymentState,DeviceSerialNumber,OS,FailureDetails,EspDeviceSetupFailureDetails"
    line = "3,SN-0001,Windows,Apps failed,-2016345060"
    (found,) = read_report_csv(f"{header}\n{line}\n".encode()).rows["deployments"].to_dicts()
    assert (found["failure_text"], found["code"]) == ("Apps failed", "0x87D1041C")


def in_portuguese(rows=30, words=("Onnistui", "Epäonnistui")):
    header = "Início;Número de série;Utilizador;Perfil;Estado;Duração total"
    lines = [
        f"{number % 28 + 1:02}/03/2026 09:00;CZC{1000 + number};u{number}@example.com;"
        f"{('Escritório', 'Quiosque')[number % 2]};{words[number % 3 == 0]};00:4{number % 9}:10"
        for number in range(rows)
    ]
    return "\n".join([header, *lines, ""]).encode()


def test_a_list_in_a_language_nobody_knows_is_read_by_shape_and_says_so():
    reading = read_report_csv(in_portuguese())
    rows = reading.rows["deployments"]
    Deployment.validate(rows)
    assert rows.select("device", "outcome", "total", "flags").row(0) == (
        "CZC1000", "unknown", timedelta(minutes=40, seconds=10), "local_time",
    )  # fmt: skip
    assert rows["started_at"][0] == datetime(2026, 3, 1, 9, tzinfo=UTC)
    taken, unknown = reading.unread[:2]
    assert "Início as started_at" in taken.reason
    assert "one of Perfil, Estado may say it" in taken.advice
    assert (unknown.count, "Perfil, Estado" in unknown.reason) == (2, True)


def test_words_of_a_portal_tell_how_attempts_ended_and_that_they_were_taken_so_is_said():
    reading = read_report_csv(in_portuguese(words=("Êxito", "Falha")))
    assert reading.rows["deployments"]["outcome"].value_counts().sort("count").rows() == [
        ("failed", 10), ("succeeded", 20),
    ]  # fmt: skip
    assert "Estado as state (by the words in it)" in reading.unread[0].reason
    assert "check that it is so" in reading.unread[0].advice


def test_words_for_the_state_complete_what_the_shape_told(tmp_path):
    words = tmp_path / "words.csv"
    words.write_text("text,means\nEstado,state\nOnnistui,succeeded\nEpäonnistui,failed\n", encoding="utf-8")
    with using_words(words):
        reading = read_report_csv(in_portuguese())
    assert reading.rows["deployments"]["outcome"].value_counts().sort("count").rows() == [
        ("failed", 10), ("succeeded", 20),
    ]  # fmt: skip
    assert "check that it is so" in reading.unread[0].advice


def test_a_list_of_devices_in_british_spelling_is_read():
    text = (
        "serialNumber,Enrolment State,enrolmentProfile,groupTag\r\n"
        "SN-0101,enrolled,Office,HQ\r\nSN-0102,notContacted,,\r\n"
    )
    reading = read_report_csv(text.encode())
    identities = reading.rows["identities"]
    assert identities["enrollment_state"].to_list() == ["enrolled", "notContacted"]
    assert identities["profile"].to_list() == ["Office", None]
    assert reading.unread == ()


def test_ids_and_names_of_devices_are_a_list_of_devices():
    text = "IntuneDeviceId,DisplayName\n5d0c1f0a-0000-4000-8000-000000000001,PC-1\n"
    row = read_report_csv(text.encode()).rows["identities"].row(0, named=True)
    assert (row["name"], row["intune_device_id"]) == ("PC-1", "5d0c1f0a-0000-4000-8000-000000000001")


@pytest.mark.parametrize(
    ("table", "read"), [("IntuneOperationalLogs", "deployments"), ("IntuneAuditLogs", "audit_changes")]
)
def test_the_type_in_its_first_row_says_which_table_a_csv_is_of(table, read):
    header = "TimeGenerated [UTC],OperationName,Properties,ResultType,Type\n"
    row = f'2026-05-01T10:00:00Z,Enrollment,"{{""IntuneDeviceId"":""id-1""}}",Success,{table}\n'
    assert list(read_report_csv((header + row).encode()).rows) == [read]


def test_a_sample_of_a_list_for_import_counts_its_devices_alone():
    text = (
        "Device serial number,Windows product ID,Hardware hash,Manufacturer name,Device Model\r\n"
        "SN-0101,,,Example,Notebook 5\r\n,00000-11111,,,\r\n,,,,\r\nEXAMPLE (take this out),,,,,\r\n"
    )
    reading = read_report_csv(text.encode())
    assert reading.rows["identities"].select("serial", "manufacturer", "model").rows() == [
        ("SN-0101", "Example", "Notebook 5"), (None, None, None),
    ]  # fmt: skip
    assert not any("not known here" in gap.reason for gap in reading.unread)

"""How a member gets into its capture: its hash, its state, its gap."""

from __future__ import annotations

import zipfile

import polars as pl
import pytest

from autopilot_analysis.errors import UnknownName


def test_every_member_carries_the_hash_of_its_content(read, cabinet):
    members = read(cabinet).members
    assert members["sha256"].str.contains(r"^[0-9a-f]{64}$").all()
    assert members["sha256"].n_unique() > 1


def test_only_the_tables_asked_for_are_filled(read, cabinet):
    tables = read(cabinet, only=["registry_values"])
    assert tables.registry_values.height > 0
    assert tables.events.is_empty()
    assert tables.devices["serial"].to_list() == ["SN-0001"]


def test_a_table_that_does_not_exist_is_named_with_those_that_do(read, cabinet):
    with pytest.raises(UnknownName, match="did you mean events"):
        read(cabinet, only=["event"])


def test_a_member_of_which_nothing_was_read_is_damaged_and_not_partial(read, tmp_path):
    (tmp_path / "microsoft-windows-aad-operational.evtx").write_bytes(b"ElfFile\x00".ljust(200, b"\0"))
    assert read(tmp_path).members["state"].to_list() == ["damaged"]


def test_a_member_nobody_can_read_is_a_gap_and_the_rest_is_read(read, tmp_path, cabinet):
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.write(cabinet, "mdmlogs.cab")
        archive.writestr("dsregcmd.txt", b"\x00\x01 no such thing" * 9)
        archive.writestr("microsoft-windows-aad-operational.evtx", b"ElfFile\x00" + b"\xff" * 4096)
    tables = read(bundle)
    hurt = tables.gaps.filter(pl.col("member") == "microsoft-windows-aad-operational.evtx")
    assert hurt.height > 0
    assert tables.events.height > 0


def test_what_is_no_trace_is_damaged_and_says_so(read, tmp_path):
    (tmp_path / "Wifi.etl").write_bytes(bytes(100))
    tables = read(tmp_path)
    assert tables.members["state"].to_list() == ["damaged"]
    assert tables.gaps["reason"].to_list() == ["Wifi.etl holds no buffer of an event trace"]


def test_what_speaks_of_a_fleet_is_no_device_of_its_own(read, genuine):
    tables = read(genuine / "graph")
    assert tables.devices.is_empty()
    assert tables.members.filter(pl.col("state") == "damaged").is_empty()


def test_marks_of_a_paste_are_off_before_a_reader_reads(read, tmp_path):
    context = "https://graph.microsoft.com/beta/$metadata#deviceManagement/"
    values = {
        "@odata.context": f"{context}importedWindowsAutopilotDeviceIdentities/$entity",
        "importId": "11111111-2222-4333-8444-555555555555",
        "serialNumber": "**WS-9220**<br>",
        "state": "@{deviceImportStatus=error; deviceErrorCode=808; deviceErrorName=}`",
    }
    lines = (f"> {name:<15}: {value}\n" for name, value in values.items())
    (tmp_path / "mail.txt").write_text("".join(lines))
    (device,) = read(tmp_path).identities.to_dicts()
    assert (device["serial"], device["profile_state"]) == ("WS-9220", "error")


WRITTEN = 'At the step Securing your hardware the laptop showed "Failed: 0x81039001".\n'


@pytest.mark.parametrize("name", ["setupact.log", "AppWorkload.txt", "msinfo32.txt", "NetSetup.log"])
def test_a_mail_under_the_name_of_a_log_is_read_as_a_mail(read, tmp_path, name):
    (tmp_path / name).write_text(WRITTEN)
    tables = read(tmp_path / name)
    assert tables.properties["section"].to_list() == ["Reported code"]
    assert tables.members["state"].to_list() == ["partial"]
    assert tables.gaps.height == 1


def test_such_a_file_that_holds_nothing_of_use_stays_damaged(read, tmp_path):
    (tmp_path / "setupact.log").write_text("Nothing to see.\n")
    tables = read(tmp_path / "setupact.log")
    assert (tables.properties.height, tables.members["state"].to_list()) == (0, ["damaged"])


PROMPT = (
    "PS C:\\Windows\\system32> whoami\nexample\\system\n"
    "PS C:\\Windows\\system32> Invoke-WebRequest https://login.example.com -UseBasicParsing\n"
    "Invoke-WebRequest : it did not answer.\n"
)


def test_what_was_copied_from_a_prompt_with_unknown_commands_is_unread_and_not_damaged(read, tmp_path):
    (tmp_path / "check.txt").write_text(PROMPT)
    tables = read(tmp_path)
    assert tables.members["state"].to_list() == ["not_read"]
    assert tables.gaps["reason"].str.contains("no output of a command").all()

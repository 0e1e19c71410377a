from datetime import datetime

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.listed_objects import UNCLAIMED
from autopilot_analysis.readers.texts.listed_objects import read_listed_objects

CHIP = """TpmPresent        : True
TpmReady          : False
OwnerAuth         : secret
ManufacturerId    : 1314145024
ManufacturerIdTxt : NTC
"""
VOLUMES = """MountPoint       : C:
VolumeStatus     : FullyEncrypted
ProtectionStatus : On
KeyProtector     : {Tpm, RecoveryPassword}

MountPoint       : D:
VolumeStatus     : FullyDecrypted
ProtectionStatus : Off
KeyProtector     : {}
"""
RECORDS = """TimeCreated : 5/14/2026 9:02:11 AM
ThreadId    : 4711
LevelName   : Error
Message     : jobId: 1, hr: 80d05001, cdnUrl =
              https://example.com/setup.intunewin
Function    : CExample::Download
ErrorCode   : 80d05001

TimeCreated : 2026-05-14T07:02:12.5000000Z
ThreadId    : 4711
LevelName   : Info
Message     : done
Function    : CExample::Download
ErrorCode   :
"""


def properties(text, encoding="utf-8"):
    return read_listed_objects(text.encode(encoding)).rows["properties"].rows()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_another_tool_tells_too_is_told_under_its_name_and_a_secret_is_not_kept(encoding):
    assert properties(CHIP, encoding) == [
        (1, "TPM", "-TPM Present", "True"),
        (2, "TPM", "-TPM Ready", "False"),
        (4, "TPM", "ManufacturerId", "1314145024"),
        (5, "TPM", "-TPM Manufacturer ID", "NTC"),
    ]


def test_each_object_has_a_section_that_says_what_it_is_about():
    sections = [section for _, section, name, _ in properties(VOLUMES) if name == "VolumeStatus"]
    assert sections == ["BitLocker volume C:", "BitLocker volume D:"]


def test_of_a_value_that_says_more_than_one_thing_the_one_that_counts_is_kept():
    text = "IsEnabled_InitialValue : True\nSpecVersion            : 2.0, 0, 1.38\n"
    assert [row[2:] for row in properties(text)] == [("-TPM Enabled", "True"), ("-TPM Version", "2.0")]


def test_an_object_of_no_known_kind_keeps_its_own_words_under_a_section_from_which_nothing_is_drawn():
    text = "Name         : Fan\nSerialNumber : ABC123\nSpeed        : 4\n"
    assert properties(text) == [
        (1, f"{UNCLAIMED} 1", "Name", "Fan"),
        (2, f"{UNCLAIMED} 1", "SerialNumber", "ABC123"),
        (3, f"{UNCLAIMED} 1", "Speed", "4"),
    ]


def test_records_of_a_log_are_lines_with_their_code_and_the_time_as_far_as_it_is_one():
    reading = read_listed_objects(RECORDS.encode())
    assert set(reading.rows) == {"log_lines"}
    first, second = reading.rows["log_lines"].to_dicts()
    assert first["message"] == (
        "jobId: 1, hr: 80d05001, cdnUrl = https://example.com/setup.intunewin (ErrorCode 80d05001)"
    )
    assert (first["severity"], first["component"], first["thread"]) == ("error", "CExample::Download", 4711)
    assert (first["written_at"], first["at"], first["clock"]) == (
        datetime(2026, 5, 14, 9, 2, 11),  # noqa: DTZ001 - local time is naive
        None,
        "unknown",
    )
    assert (second["message"], second["severity"], second["clock"]) == ("done", "info", "declared")
    assert second["at"].isoformat() == "2026-05-14T07:02:12.500000+00:00"


def test_a_day_and_a_month_that_cannot_be_told_apart_are_a_gap():
    doubtful = RECORDS.replace("5/14/2026", "5/4/2026").split("\n\n")[0]
    (gap,) = read_listed_objects(doubtful.encode()).unread
    assert gap.count == 1
    assert "day and month" in gap.reason


def test_what_a_tool_answers_among_the_objects_is_told_too():
    text = (
        "WARNING: TCP connect to (192.0.2.7 : 443) failed\n\n"
        "ComputerName     : app.example.com\nRemotePort       : 443\nTcpTestSucceeded : False\n"
    )
    assert [row[1:] for row in properties(text)] == [
        ("Network test app.example.com 443", "ComputerName", "app.example.com"),
        ("Network test app.example.com 443", "RemotePort", "443"),
        ("Network test app.example.com 443", "TcpTestSucceeded", "False"),
        (
            "Network test 192.0.2.7 443",
            "TcpTestSucceeded",
            "False (WARNING: TCP connect to (192.0.2.7 : 443) failed)",
        ),
    ]


def test_another_text_is_refused():
    with pytest.raises(NotThisFormat, match="shows no object"):
        read_listed_objects(b"Hello, Fan : fast\n", "a.txt")


@pytest.mark.parametrize(
    ("full", "most", "version"),
    [
        ("Not Supported for TPM 1.2", "Not Supported for TPM 1.2", ["1.2"]),
        ("7.85.4555.0", "Not Supported for TPM 1.2", ["1.2"]),
        ("7.85.4555.0", "31", []),
        ("It is Not Supported for TPM 1.2", "0", []),
    ],
)
def test_a_property_that_a_tpm_of_an_older_version_lacks_tells_its_version_once(full, most, version):
    shown = f"TpmPresent                : True\nManufacturerVersionFull20 : {full}\nLockoutMax : {most}\n"
    rows = properties(shown)
    assert [value for *_, name, value in rows if name == "-TPM Version"] == version
    assert len(rows) == 3


def test_what_defender_says_of_itself_is_of_a_known_kind():
    shown = "AMRunningMode             : Passive Mode\nIsTamperProtected         : True\n"
    assert properties(shown)[0] == (1, "Defender", "AMRunningMode", "Passive Mode")


def test_a_line_beside_objects_that_names_a_failure_is_kept_as_it_is():
    text = "It stops with 0x81039001.\nNothing to see: 0x00000000\n\nTpmPresent : True\nTpmReady : True\n"
    found = read_listed_objects(text.encode()).rows["properties"]
    assert found.filter(name="text").select("record", "section", "value").rows() == [
        (1, "", "It stops with 0x81039001.")
    ]

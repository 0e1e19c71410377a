import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.texts.manage_bde import read_manage_bde

STATUS = """BitLocker Drive Encryption: Configuration Tool version 10.0.26100
Disk volumes that can be protected with
BitLocker Drive Encryption:
Volume C: [System]
[OS Volume]

    Size:                 475.00 GB
    BitLocker Version:    2.0
    Conversion Status:    Used Space Only Encrypted
    Protection Status:    Protection Off (1 reboots left)
    Key Protectors:
        TPM
        Numerical Password

Volume D: [Files]
[Data Volume]

    Conversion Status:    Fully Decrypted
    Protection Status:    Protection Off
    Key Protectors:       None Found
"""


def rows(text):
    return read_manage_bde(text.encode("utf-16")).rows["properties"].rows()


def test_each_drive_is_told_under_the_names_of_the_cmdlet():
    assert [row for row in rows(STATUS) if row[1].endswith("C:")] == [
        (5, "BitLocker volume C:", "VolumeType", "OperatingSystem"),
        (7, "BitLocker volume C:", "Size", "475.00 GB"),
        (8, "BitLocker volume C:", "BitLocker Version", "2.0"),
        (9, "BitLocker volume C:", "VolumeStatus", "FullyEncrypted"),
        (10, "BitLocker volume C:", "ProtectionStatus", "Off"),
        (11, "BitLocker volume C:", "KeyProtector", "{Tpm, RecoveryPassword}"),
    ]


def test_a_drive_without_a_protector_has_an_empty_list():
    assert [row[2:] for row in rows(STATUS) if row[1].endswith("D:")] == [
        ("VolumeType", "Data"),
        ("VolumeStatus", "FullyDecrypted"),
        ("ProtectionStatus", "Off"),
        ("KeyProtector", "{}"),
    ]


def test_protectors_at_the_end_of_the_text_and_those_of_other_kinds_are_kept():
    text = STATUS.split("Volume D:", maxsplit=1)[0].rstrip() + "\n        External Key"
    assert rows(text)[-1][2:] == ("KeyProtector", "{Tpm, RecoveryPassword, External Key}")


def test_a_text_without_a_drive_is_refused():
    with pytest.raises(NotThisFormat, match="no drive"):
        read_manage_bde(b"    Size: 4\n", "a.txt")

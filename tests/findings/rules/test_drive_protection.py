"""What Get-BitLockerVolume says of the drive of Windows."""

import pytest
from findings.rule_worlds import drive


@pytest.mark.parametrize(
    ("told", "item"),
    [
        (drive("FullyEncrypted", "Off"), "C:"),
        (drive("FullyEncrypted", "Off", "{Tpm}"), "C:, without a recovery password"),
        (drive("FullyEncrypted", "Off", "{}"), "C:, without a recovery password"),
        (drive("FullyEncrypted", "Off", "{Tpm, TpmPin, ExternalKey, PublicKey...}"), "C:"),
        (drive("EncryptionInProgress", "Off"), None),
        (drive("FullyDecrypted", "Off", "{}"), None),
        (drive("FullyEncrypted", "On", "{Tpm}"), None),
        (drive("FullyEncrypted", "Off", kind="Data"), None),
    ],
)
def test_a_drive_of_windows_that_is_encrypted_whole_and_open_is_named_with_what_it_lacks(proofs, told, item):
    rows = proofs("BITLOCKER-PROTECTION-OFF", properties=told)
    assert rows["item"].unique().to_list() == ([] if item is None else [item])


def test_another_drive_lends_it_nothing(proofs):
    data = [
        (name, value, "drive.txt", "BitLocker volume D:")
        for name, value, *_ in drive("FullyEncrypted", "Off")
    ]
    assert proofs(
        "BITLOCKER-PROTECTION-OFF", properties=[*drive("FullyEncrypted", "On"), *data[1:]]
    ).is_empty()


@pytest.mark.parametrize(
    ("told", "items"),
    [
        (drive("FullyDecrypted", "Off", "{}"), ["C:"]),
        (drive("EncryptionInProgress", "Off"), []),
        (drive("FullyEncrypted", "Off"), []),
        (drive("FullyDecrypted", "Off", kind="Data"), []),
    ],
)
def test_a_drive_of_windows_of_which_nothing_is_encrypted_is_named(proofs, told, items):
    assert proofs("BITLOCKER-NOT-ENCRYPTED", properties=told)["item"].to_list() == items


def defender(mode, antivirus="True", real_time="True"):
    shown = {
        "AMRunningMode": mode, "AntivirusEnabled": antivirus, "RealTimeProtectionEnabled": real_time
    }  # fmt: skip
    return [(name, value, "status.txt", "Defender") for name, value in shown.items()]


@pytest.mark.parametrize(
    ("told", "items"),
    [
        (
            defender("Not running", "False", "False"),
            ["it is not running, antivirus off, real-time protection off"],
        ),
        (defender("Normal", real_time="False"), ["real-time protection off"]),
        (defender("Normal"), []),
        (defender("Passive Mode", real_time="False"), []),
        (defender("EDR Block Mode", "False", "False"), []),
        (defender("SxS Passive Mode", real_time="False"), []),
    ],
)
def test_a_defender_that_is_not_running_or_alone_and_open_is_named(proofs, told, items):
    assert proofs("DEFENDER-OFF", properties=told)["item"].unique().to_list() == items

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

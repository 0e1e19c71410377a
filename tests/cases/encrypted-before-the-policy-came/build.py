"""Two event logs: BitLocker began with 128 bit an hour before the policy of 256 bit arrived."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import policy_number, policy_text
from cases.outside_eleven import begins_encryption, only
from cases.outside_page import ready
from cases.outside_stages import sync

WANTED = (
    '<enabled/><data id="EncryptionMethodWithXtsOsDropDown_Name" value="7"/>'
    '<data id="EncryptionMethodWithXtsFdvDropDown_Name" value="7"/><data id="EncryptionMethodWithXtsRdvDropDown_Name" value="4"/>'
)


def build(folder: Path) -> Path:
    m = Machine(
        "encrypted-before-the-policy-came",
        at(2024, 8, 13, 8, 0),
        build="22631.3958",
        zone="Europe/Lisbon",
        name="WS-1113",
        serial="WS-1113-N",
        split=False,
    )
    t = ready(m)
    begins_encryption(m, 3.4, 0x8004)
    for n in range(4):
        sync(m, t + 8 + n * 15)
    policy_number(m, t + 55, "BitLocker", "RequireDeviceEncryption", 1)
    policy_text(m, t + 55.01, "BitLocker", "EncryptionMethodByDriveType", WANTED)
    sync(m, t + 120)
    return only(m, folder, "dm", "enrol", "sync", "bitlocker")

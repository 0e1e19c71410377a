"""What a hardware hash says of a machine; every machine here is made up."""

import struct
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.readers.texts.hardware.device_hash import read_device_hash
from autopilot_analysis.readers.texts.hardware.hardware_hash import decode_hash

MADE = int((datetime(2026, 3, 2, 8, tzinfo=UTC) - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds())
PRIVATE = {
    7: b"SERIAL-OF-DISK|EXAMPLE DISK 512|",
    12: b"SMBIOS-ID-0123456",
    14: b"SN-0001\0",
    24: b"3305-KEY-ID\0",
}
PLAIN = {
    1: bytes(16) + struct.pack("<I", MADE) + bytes(4),
    4: b"Example CPU 9000\0",
    5: struct.pack("<QQHB", 16, 32, 2, 0),
    6: struct.pack("<QHH", 512, 17, 0),
    10: b"\x0a\x02\0",
    13: b"TPM-Version:2.0 -Level:0-Revision:1.38-VendorID:'EXM '-Firmware:458754.65536\0",
    15: b"Example Firmware\0",
    16: b"Example Corp.\0",
    17: b"Notebook 9000\0",
    18: b"0A1B\0",
    19: b"SMBIOS_STRING_INDEX_0\0",
    26: b"[EX]X19-00001\0",
}
KEY = {25: bytes(256)}


def hash_of(records, *, cut=None, change=b""):
    body = b"".join(struct.pack("<HH", kind, len(content) + 4) + content for kind, content in records.items())
    content = b"OA" + struct.pack("<H", len(body) + 4) + body
    digest = sha256(content).digest()
    whole = content[: len(content) - len(change)] + change + b"CS" + struct.pack("<H", 36) + digest
    return b64encode((whole + bytes(100))[:cut]).decode()


def test_a_hash_names_the_machine_its_firmware_its_tpm_and_its_disk():
    assert decode_hash(hash_of(PRIVATE | PLAIN | KEY)) == {
        "state": "whole",
        "ek present": "yes",
        "made at": "2026-03-02T08:00:00",
        "processor": "Example CPU 9000",
        "memory": "16 GB",
        "disk size": "512 GB",
        "disk bus": "NVMe",
        "disk": "EXAMPLE DISK 512",
        "chassis": "notebook",
        "tpm": "2.0",
        "tpm vendor": "EXM",
        "tpm firmware": "7.2.1.0",
        "bios vendor": "Example Firmware",
        "maker": "Example Corp.",
        "machine": "Notebook 9000",
        "sku": "0A1B",
        "product key edition": "[EX]X19-00001",
    }


def test_nothing_that_identifies_the_machine_is_taken_out():
    told = " ".join(decode_hash(hash_of(PRIVATE | PLAIN | KEY)).values())
    assert not [part for part in ("SERIAL-OF-DISK", "SMBIOS-ID", "SN-0001", "KEY-ID") if part in told]


def test_a_hash_without_an_endorsement_key_says_so():
    assert decode_hash(hash_of(PLAIN))["ek present"] == "no"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (hash_of(PLAIN, change=b"x"), "edited"),
        (hash_of(PLAIN, cut=200), "cut"),
    ],
)
def test_a_hash_that_is_not_whole_tells_only_that(text, state):
    assert decode_hash(text) == {"state": state}


def test_the_facts_of_each_row_stand_in_a_section_of_their_own():
    content = f"Device Serial Number,Windows Product ID,Hardware Hash\r\nSN-0001,,{hash_of(PLAIN)}\r\n"
    rows = read_device_hash(content.encode()).rows["properties"]
    told = rows.filter(rows["section"] == "hardware of row 1").select("record", "name", "value").rows()
    assert told[:2] == [(2, "state", "whole"), (2, "ek present", "no")]
    assert (2, "maker", "Example Corp.") in told


@pytest.mark.parametrize("text", ["QUJD", "not base64!", ""])
def test_what_is_in_no_known_form_tells_nothing(text):
    assert decode_hash(text) == {}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_are_read_to_their_end(noise):
    length = struct.pack("<H", len(noise) + 4)
    sealed = b"OA" + length + noise
    text = b64encode(sealed + b"CS$\0" + sha256(sealed).digest()).decode()
    assert decode_hash(text)["state"] == "whole"
    assert decode_hash(b64encode(noise).decode()).get("state") in {None, "cut"}

"""The hardware hash of Windows Autopilot -> what it says of the machine, less all that would identify it.

Layout as four machines of 2016 to 2024 wrote it: `OA`, the used length, records of type and length, then `CS`
with the SHA-256 of everything before it. Serial numbers, MAC addresses, the SMBIOS id, the id of the product
key and the TPM's key itself are passed over here.
"""

from __future__ import annotations

import struct
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from re import findall

BEGIN, END, DIGEST = b"OA", b"CS", 32
_MADE_FROM = datetime(2000, 1, 1, tzinfo=UTC)
_TEXTS = {
    3: "processor maker",
    4: "processor",
    15: "bios vendor",
    16: "maker",
    17: "machine",
    18: "sku",
    19: "family",
    20: "board maker",
    21: "board",
    22: "board version",
    23: "system version",
    26: "product key edition",
}
"""Records that hold one text, ended by a zero."""
_NOT_GIVEN = "SMBIOS_STRING_INDEX_0"
_BUS = {8: "RAID", 11: "SATA", 17: "NVMe"}
_CHASSIS = {3: "desktop", 10: "notebook"}
_TPM = r"(TPM-Version|VendorID|Firmware):'?([^'\-\0]+)"
_EK = "ek present"


def decode_hash(text: str) -> dict[str, str]:
    """Return the facts of a hardware hash under plain names, and `state`: whole, edited or cut.

    Args:
        text: The hash as the list holds it, Base64.

    Returns:
        Names such as maker, machine, sku, bios vendor, disk, tpm vendor, tpm firmware, product key edition
        and ek present (yes or no: without an endorsement key the TPM cannot attest). Only a whole one tells
        more than its state; what is in no known form tells nothing.
    """
    try:
        content = b64decode(text, validate=True)
    except (Error, ValueError):
        return {}
    if len(content) < 4 or content[:2] != BEGIN:
        return {}
    (used,) = struct.unpack_from("<H", content, 2)
    if used + 4 + DIGEST > len(content) or content[used : used + 2] != END:
        return {"state": "cut"}
    if sha256(content[:used]).digest() != content[used + 4 : used + 4 + DIGEST]:
        return {"state": "edited"}
    facts = {_EK: "no"}
    for kind, record in _records(content[:used]):
        facts |= {name: value for name, value in _facts(kind, record).items() if value}
    return {"state": "whole"} | facts


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and content of each record; a length that leads nowhere ends them."""
    at = len(BEGIN) + 2
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if length < 4 or at + length > len(content):
            return
        yield kind, content[at + 4 : at + length]
        at += length


def _facts(kind: int, record: bytes) -> dict[str, str]:
    """Return what one record tells."""
    if kind in _TEXTS:
        return {_TEXTS[kind]: _text(record)}
    if kind == 1 and len(record) >= 20:
        made = _MADE_FROM + timedelta(seconds=struct.unpack_from("<I", record, 16)[0])
        return {"made at": f"{made:%Y-%m-%dT%H:%M:%S}"}
    if kind == 5 and len(record) >= 8:
        return {"memory": f"{struct.unpack_from('<Q', record)[0]} GB"}
    if kind == 6 and len(record) >= 10:
        size, bus = struct.unpack_from("<QH", record)
        return {"disk size": f"{size} GB", "disk bus": _BUS.get(bus, f"bus {bus}")}
    if kind == 7:
        return {"disk": [*_text(record).split("|"), ""][1].strip()}
    if kind == 10 and record:
        return {"chassis": _CHASSIS.get(record[0], f"type {record[0]}")}
    if kind == 13:
        return _tpm(_text(record))
    return {_EK: "yes"} if kind == 25 and record else {}


def _text(record: bytes) -> str:
    text = record.split(b"\0", 1)[0].decode("utf-8", "replace").strip()
    return "" if text == _NOT_GIVEN else text


def _tpm(text: str) -> dict[str, str]:
    """Return version, maker and firmware of the TPM; the firmware is two numbers of two parts each."""
    values = {name: value.strip() for name, value in findall(_TPM, text)}
    firmware = values.get("Firmware", "")
    if all(part.isdecimal() for part in firmware.split(".")) and firmware.count(".") == 1:
        parts = [int(part) for part in firmware.split(".")]
        firmware = ".".join(f"{part >> 16}.{part & 0xFFFF}" for part in parts)
    return {
        "tpm": values.get("TPM-Version", ""),
        "tpm vendor": values.get("VendorID", ""),
        "tpm firmware": firmware,
    }

"""A hardware hash list, DeviceHash_*.csv or AutopilotHWID.csv, -> serial, product, hash, group tag, user."""

from __future__ import annotations

import csv
from io import StringIO

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.text import decode
from autopilot_analysis.readers.texts.hardware.hardware_hash import decode_hash
from autopilot_analysis.readers.texts.properties import Properties, encoding_of

NAMES = {
    "device serial number": "serial number",
    "windows product id": "product id",
    "hardware hash": "hardware hash",
    "group tag": "group tag",
    "order id": "group tag",
    "assigned user": "assigned user",
}
"""Our name of each column an import takes (Microsoft: Manually register devices with Windows Autopilot)."""


HARDWARE = "hardware of row"
"""Begins the section of what a hash says."""


def read_device_hash(content: bytes, member: str = "") -> Reading:
    """Return the devices of a hardware hash list, one section a row.

    How the file is written decides whether the portal takes it (Microsoft: Windows Autopilot known issues),
    so that is told too.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: in section "" the file's encoding, its delimiter and whether cells are
        quoted; in "row 1" and so on the cells under our names, columns unknown to the import under their
        own; in "hardware of row 1" and so on what the hash says of the machine. Record is the text line.

    Raises:
        NotThisFormat: The first line does not name serial number and hardware hash.
    """
    text = decode(content)
    typed = text.startswith("#TYPE")  # PowerShell's own first line
    body = text.partition("\n")[2] if typed else text
    header = body.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else "\t" if "\t" in header else ","
    named = [
        NAMES.get(cell.strip().strip('"').lower(), cell.strip().strip('"'))
        for cell in header.split(delimiter)
    ]
    if not {"serial number", "hardware hash"} <= set(named):
        raise NotThisFormat.of(member, "has no columns Device Serial Number and Hardware Hash.")
    found = Properties()
    found.add("", "encoding", encoding_of(content), 1)
    found.add("", "delimiter", delimiter, 1)
    found.add("", "quoted", "yes" if '"' in body else "no", 1)
    return found.reading(_add_rows(found, body, named, delimiter, first=2 if typed else 1))


def _add_rows(
    found: Properties, body: str, named: list[str], delimiter: str, *, first: int
) -> tuple[Unread, ...]:
    """Add the cells of every row; return what could not be read."""
    rows = csv.reader(StringIO(body, newline=""), delimiter=delimiter)
    number = 0
    try:
        for cells in rows:
            if rows.line_num == 1 or not any(cell.strip() for cell in cells):
                continue
            number += 1
            for name, cell in zip(named, cells, strict=False):
                found.add(f"row {number}", name, cell.strip(), first - 1 + rows.line_num)
            hashes = [cell for name, cell in zip(named, cells, strict=False) if name == "hardware hash"]
            for name, value in decode_hash(hashes[0].strip()).items() if hashes else ():
                found.add(f"{HARDWARE} {number}", name, value, first - 1 + rows.line_num)
            for place, cell in enumerate(cells[len(named) :], len(named) + 1):
                found.add(f"row {number}", f"column {place}", cell.strip(), first - 1 + rows.line_num)
    except csv.Error as error:
        return (Unread(f"rows from line {rows.line_num} on are no CSV: {error}", rows.line_num),)
    return ()

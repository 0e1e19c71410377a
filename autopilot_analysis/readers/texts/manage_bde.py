"""What `manage-bde -status` prints of each drive -> the properties that Get-BitLockerVolume has for it."""

from __future__ import annotations

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.listed_objects import SEARCHED
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.properties import Properties

PROTECTORS = "Key Protectors"
_VOLUME = late(r"\s{0,16}Volume (\S{1,64}:)(?: \[|\s*$)")
_TYPE = late(r"\s{0,16}\[(\w{1,16} Volume)\]\s*$")
_PAIR = late(r"\s{1,16}(?P<name>[A-Z]\w*(?: [A-Za-z]\w*){0,4}):(?:\s+(?P<value>\S.*))?$")
_FURTHER = late(r"\s{5,32}(?P<value>\S[^:]{0,80})$")


def read_manage_bde(content: bytes, member: str = "") -> Reading:
    """Return what the command says of each drive.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is "BitLocker volume" with the drive. What Get-BitLockerVolume tells
        too has its name and its words, see facts/manage_bde.csv, and all protectors of a drive are one list;
        anything else is as written. Record is the text line.

    Raises:
        NotThisFormat: The text tells of no drive.
    """
    found, section = Properties(), ""
    protectors: list[str] | None = None
    begun = 0
    for record, line in enumerate([*split_lines(decode(content)), ""], 1):
        text = line[:SEARCHED].rstrip()
        further = _FURTHER.match(text) if protectors is not None else None
        if protectors is not None and further:
            protectors.append(_known(PROTECTORS, further["value"])[1])
            continue
        if protectors is not None:
            found.add(section, "KeyProtector", f"{{{', '.join(protectors)}}}", begun)
            protectors = None
        volume, kind, pair = _VOLUME.match(text), _TYPE.match(text), _PAIR.match(text)
        if volume:
            section = f"BitLocker volume {volume[1]}"
        elif section and kind:
            found.add(section, *_known("Volume", kind[1]), record)
        elif section and pair and pair["name"] == PROTECTORS:
            protectors, begun = [], record
        elif section and pair and pair["value"]:
            found.add(section, *_known(pair["name"], pair["value"].strip()), record)
    if not len(found):
        raise NotThisFormat.of(member, "tells of no drive as manage-bde does.")
    return found.reading()


def _known(line: str, value: str) -> tuple[str, str]:
    """Return name and value as Get-BitLockerVolume has them, as written where it has none."""
    for row in read_facts("manage_bde").filter(line=line).iter_rows(named=True):
        if value.startswith(row["begins"]):
            return row["name"], row["value"]
    return line, value

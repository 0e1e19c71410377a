"""An Autopilot profile on the device, AutopilotDDSZTDFile.json or AutopilotConfigurationFile.json."""

from __future__ import annotations

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode
from autopilot_analysis.readers.texts.json_text import facts_of, read_objects
from autopilot_analysis.readers.texts.properties import Properties, encoding_of


def read_profile_json(content: bytes, member: str = "") -> Reading:
    """Return the fields of the profile that the deployment service sent to the device.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: name is the field, section the path of the object it stands in. A field that
        holds JSON as a string, such as CloudAssignedAadServerData, is there as written and, under its name,
        field by field. From the second object of a file on, section begins with "object 2" and so on.

    Raises:
        NotThisFormat: The text does not begin as a JSON object or list.
    """
    return _read(content, member, Properties())


def read_configuration_file_json(content: bytes, member: str = "") -> Reading:
    """Return the fields of the profile file that existing devices are given, and how it is encoded.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading as `read_profile_json` returns it, with the property "encoding" in front: Windows reads this
        file as ANSI only (Microsoft: Windows Autopilot known issues).

    Raises:
        NotThisFormat: The text does not begin as a JSON object or list.
    """
    found = Properties()
    found.add("", "encoding", encoding_of(content))
    return _read(content, member, found)


def _read(content: bytes, member: str, found: Properties) -> Reading:
    """Add the fields of every object of a file to `found` and return them as a reading."""
    text = decode(content)
    if text.lstrip(" \t\r\n\ufeff\0")[:1] not in ("{", "["):
        raise NotThisFormat.of(member, "does not begin as a JSON object.")
    objects, unread = read_objects(text)
    for number, value in enumerate(objects, 1):
        for fact in facts_of(value, "" if number == 1 else f"object {number}"):
            found.add(fact.section, fact.name, fact.value)
    return found.reading(unread)

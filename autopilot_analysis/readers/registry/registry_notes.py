r"""Notes of a registry, `Name = value` below a line `HKLM\…`, as people write them, -> registry values.

Such a text tells no kinds and rarely all values of a key: what is not there is unknown, not absent.
"""

from __future__ import annotations

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import NO_KIND, Reading, rows_of
from autopilot_analysis.readers.text import decode, split_lines

HIVES = {
    "hklm": "HKEY_LOCAL_MACHINE",
    "hkcu": "HKEY_CURRENT_USER",
    "hku": "HKEY_USERS",
    "hkcr": "HKEY_CLASSES_ROOT",
}
"""How hives are called in short, and in full."""
_KEY = late(rf"(?i)^\s*\[?(?P<hive>{shared_pattern('HIVE')}):?(?P<path>\\[^=\]]{{1,1000}}?)\]?\s*$")
_VALUE = late(
    r"^\s*+(?:\"(?P<quoted>[^\"=]{1,255})\"[ \t]*|(?P<name>[^=\"\s][^=\"]{0,254}))=(?:\s+(?P<value>.*))?$"
)
_NUMBER = late(r"^0x(?P<digits>[0-9A-Fa-f]{1,16})\b(?:\s*\([^)]*\))?$")


def read_registry_notes(content: bytes, member: str = "") -> Reading:
    r"""Return the values that a text of notes gives below its keys.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of registry_values of kind "unknown": hives spelt out, quotes removed, numbers of the form
        0x… in decimal without a remark in brackets behind them; other values stay as written.

    Raises:
        NotThisFormat: A line is neither a key nor a value below one, or there is no value.
    """
    rows: list[tuple[int, str, str, str]] = []
    key = ""
    for record, line in enumerate(split_lines(decode(content)), 1):
        place, value = _KEY.match(line[:2048]), _VALUE.match(line)
        if place:
            hive = place["hive"].lower()
            key = f"{HIVES.get(hive, hive.upper())}{place['path'].rstrip()}"
        elif value and key:
            rows.append(
                (
                    record,
                    key,
                    (value["quoted"] or value["name"]).strip(),
                    _text((value["value"] or "").strip()),
                )
            )
        elif line.strip():
            raise NotThisFormat.of(member, f"holds more than registry keys and values: line {record}")
    if not rows:
        raise NotThisFormat.of(member, "holds no value below a registry key")
    record_, keys, names, values = (list(column) for column in zip(*rows, strict=True))
    columns: dict[str, list[object]] = {"record": record_, "key": keys, "name": names, "value": values}
    return Reading(
        {"registry_values": rows_of("registry_values", {**columns, "kind": [NO_KIND] * len(rows)})}
    )


def _text(value: str) -> str:
    """Return a value without its quotes, a hexadecimal number in decimal."""
    number = _NUMBER.match(value)
    if number:
        return str(int(number["digits"], 16))
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1] if quoted else value

"""Records of events as PowerShell's Export-Clixml writes them -> `events`.

Each record is an element `Obj`, its properties are elements with an attribute `N`: those of the record under
`Props`, those that Get-WinEvent adds (the message) under `MS`.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from autopilot_analysis.facts.event_lists import list_columns
from autopilot_analysis.readers.event_log.lists.event_rows import Listed, broken_off, events_of, no_list
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import ANY_MARK, decode

BEGINS = re.compile(rb"\A" + ANY_MARK + rb"[\s\0]*<\0?O\0?b\0?j\0?s\0?\s")
_SPACE = "{http://schemas.microsoft.com/powershell/2004/04}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a sign that XML may not hold, or a line end, is written."""
_LAST = "</Obj>"


def read_event_clixml(content: bytes, member: str = "") -> Reading:
    """Return the events of a list of objects, oldest first, and one gap where the list breaks off.

    Args:
        content: The whole file, sound or cut after whole records.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The content is ill-formed within its first record, or holds no event.
    """
    text = decode(content)
    cut = "</Objs>" not in text[-64:]
    root = _whole(text) if not cut else _until_last(text)
    listed = [] if root is None else [event for obj in root if (event := _listed(obj)) is not None]
    if not listed:
        raise no_list(member)
    return events_of(listed, [broken_off(listed)] if cut else ())


def _whole(text: str) -> Element | None:
    try:
        return fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None


def _until_last(text: str) -> Element | None:
    """Return what stands before the break; records inside another end too, so a few ends are tried."""
    end = len(text)
    for _ in range(8):
        end = text.rfind(_LAST, 0, end)
        if end < 0:
            return None
        if (root := _whole(f"{text[: end + len(_LAST)]}</Objs>")) is not None:
            return root
    return None


def _listed(record: Element) -> Listed | None:
    """Return the event of a record, None for an object that is none."""
    columns, cells = list_columns(), dict[str, str | None]()
    values: list[object] = []
    for part in ("Props", "MS"):
        for item in record.findall(f"{_SPACE}{part}/*"):
            name = (item.get("N") or "").lower()
            if name == "properties":
                values = [_plain(each.text) for each in item.findall(f".//{_SPACE}Props/*[@N='Value']")]
            elif (column := columns.get(name)) is not None and item.text and item.text.strip():
                cells.setdefault(column, _plain(item.text))
    if not (cells.get("event_id") or "").isdigit() or "at" not in cells:
        return None
    return Listed(cells, values)


def _plain(text: str | None) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text or "")

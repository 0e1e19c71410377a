"""DiagnosticsFrameworkData.json, what the Autopilot diagnostics page shows, -> properties."""

from __future__ import annotations

from collections.abc import Iterator

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode
from autopilot_analysis.readers.texts.json_text import Pairs, facts_of, read_objects, scalar
from autopilot_analysis.readers.texts.properties import Properties

_NAMES = ("tabId", "categoryId", "eventId", "resourceId", "propertyId")
"""Members that name the object they stand in, outermost first."""


def read_diagnostics_framework(content: bytes, member: str = "") -> Reading:
    """Return the page's tabs, categories, items, events and resources as named facts.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties. Section is the path of ids, such as
        "deploymentInfoByCategory/NetworkConnectivity/AutopilotEstablishInternetConnection"; name is
        status, startTime, finishTime, details and the like. An item of the General and Hardware categories is
        one fact: its id is the name. Times are local to the device and written in its language.

    Raises:
        NotThisFormat: The text is no JSON object with a `$schema` list of tabs.
    """
    objects, unread = read_objects(decode(content))
    tabs = objects[0].get("$schema") if objects and isinstance(objects[0], Pairs) else None
    if not isinstance(tabs, list) or isinstance(tabs, Pairs):
        raise NotThisFormat.of(member, "has no $schema list as the diagnostics page writes it.")
    found = Properties()
    for section, name, value in _facts(tabs, ""):
        found.add(section, name, value)
    return found.reading(unread)


def _facts(items: list[object], path: str, depth: int = 0) -> Iterator[tuple[str, str, str | None]]:
    """Yield section, name and value of every scalar in a list of named objects."""
    for place, item in enumerate(items, 1):
        if not isinstance(item, Pairs) or depth > len(_NAMES):
            yield from ((fact.section, fact.name, fact.value) for fact in facts_of(item, path))
            continue
        key = next((name for name in _NAMES if isinstance(item.get(name), str)), None)
        label = str(item.get(key)) if key else str(place)
        if key == "propertyId":
            yield (path, label, scalar(item.get("value")))
            continue
        section = f"{path}/{label}" if path else label
        for name, value in item:
            if isinstance(value, list) and not isinstance(value, Pairs):
                yield from _facts(value, section, depth + 1)
            elif isinstance(value, Pairs):
                yield from (
                    (fact.section, fact.name, fact.value) for fact in facts_of(value, f"{section}/{name}")
                )
            elif name != key:
                yield (section, name, scalar(value))

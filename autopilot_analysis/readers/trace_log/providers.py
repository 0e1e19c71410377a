"""Which events of a trace become rows, and which are only counted: facts/trace_providers.csv."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from autopilot_analysis.facts import read_facts


@cache
def _listed() -> dict[tuple[bytes, str], str]:
    rows = read_facts("trace_providers").select("provider", "event", "use").iter_rows()
    return {(UUID(provider).bytes_le, event or ""): use for provider, event, use in rows}


@cache
def _names() -> dict[bytes, str]:
    rows = read_facts("trace_providers").drop_nulls("name").select("provider", "name").iter_rows()
    return {UUID(provider).bytes_le: name for provider, name in rows}


def becomes_row(provider: bytes, event: str) -> bool:
    """Tell whether an event becomes a row; what is not listed is only counted.

    Args:
        provider: Its GUID as it lies in a file.
        event: The name of a self-describing event, or the id of another.
    """
    listed = _listed()
    return (listed.get((provider, event)) or listed.get((provider, ""))) == "rows"


def only_counted(provider: bytes, event: str) -> bool:
    """Tell whether an event is listed by name as one that is only counted.

    Args:
        provider: Its GUID as it lies in a file.
        event: Its name, its id, or what it calls itself in a field `eventName`.
    """
    return bool(event) and _listed().get((provider, event)) == "counted"


def known_name(provider: bytes) -> str | None:
    """Return the name under which Windows registers a provider, or None.

    Args:
        provider: Its GUID as it lies in a file.
    """
    return _names().get(provider)


def spelt(guid: bytes) -> str:
    """Return a GUID in the spelling of event logs.

    Args:
        guid: As it lies in a file.
    """
    return str(UUID(bytes_le=guid)).upper()

"""Objects as PowerShell's ConvertTo-Json writes them -> as the service wrote them."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

ADDITIONAL = "AdditionalProperties"
"""The property in which the Graph PowerShell SDK keeps what its own types do not know."""


def as_served(row: Object) -> Object:
    """Return an object as Graph spells it: names in camel case, spans as seconds, dates as text.

    The Graph PowerShell SDK writes `DeploymentState` for `deploymentState`, spans as objects of ticks, and
    Windows PowerShell wraps some dates in objects. Objects that show none of that are returned as they are.

    Args:
        row: One object as decoded.
    """
    more = row.get(ADDITIONAL)
    spelt = (
        {_camel(name): value for name, value in row.items() if name != ADDITIONAL}
        if more is not None
        else row
    )
    if isinstance(more, dict):
        spelt = {**more, **spelt}
    if not any(isinstance(value, dict) for value in spelt.values()):
        return spelt
    return {name: _plain(value) for name, value in spelt.items()}


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def _plain(value: Any) -> Any:  # any JSON value
    if not isinstance(value, dict):
        return value
    ticks = value.get("Ticks")
    if isinstance(ticks, int) and "TotalSeconds" in value:
        return f"{ticks / 10_000_000:.7f}"
    return value["value"] if value.keys() >= {"value", "DateTime"} else value

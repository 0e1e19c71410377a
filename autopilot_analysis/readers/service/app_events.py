"""Events by which Graph tells of an app's troubles on a device: their kind, and the end of their history."""

from __future__ import annotations

from autopilot_analysis.readers.objects.powershell_json import Object

APP_EVENTS = "appTroubleshootingEvents"
"""What these events are called among the reports."""
_TYPE = "mobileAppTroubleshootingEvent"
_ENDS = ("runState", "errorCode", "actionType")
"""What an item of a history tells of the app."""


def is_app_event(row: Object) -> bool:
    """Tell whether an object is an event of an app: it says so, or names an app and its history.

    Args:
        row: As decoded.
    """
    return str(row.get("@odata.type") or "").endswith(_TYPE) or {"applicationId", "history"} <= row.keys()


def with_the_end(row: Object) -> Object:
    """Return an event of an app with what the last item of its history tells, `history.runState` among it.

    Args:
        row: As decoded; its history is put in the order of its instants.
    """
    items = [item for item in row.get("history") or () if isinstance(item, dict)]
    ended = [item for item in items if any(item.get(name) for name in _ENDS)]
    last = max(ended, key=lambda item: str(item.get("occurrenceDateTime") or ""), default={})
    return {**row, **{f"history.{name}": last[name] for name in _ENDS if last.get(name)}}

"""A batch of devices that a partner registers (Partner Center API) -> imports as Graph spells them."""

from __future__ import annotations

from collections.abc import Iterator

from autopilot_analysis.facts.import_states import import_row
from autopilot_analysis.readers.objects.powershell_json import Object

DEVICES = "devicesStatus"
"""The property under which Partner Center tells of each device of a batch."""
STATES = {
    "queued": "pending",
    "processing": "pending",
    "finished": "complete",
    "finished_with_errors": "error",
}
"""What Partner Center calls the states of an import, and what Graph calls them."""


def is_partner_batch(document: Object) -> bool:
    """Tell whether a document is the status of a batch of devices in Partner Center.

    Args:
        document: As decoded.
    """
    devices = document.get(DEVICES)
    return isinstance(devices, list) and all(
        isinstance(each, dict) and {"serialNumber", "status"} <= each.keys() for each in devices
    )


def imports_of(batch: Object) -> Iterator[Object]:
    """Yield each device of a batch as Graph tells of its import.

    Args:
        batch: A document of which `is_partner_batch` is true.
    """
    for device in batch[DEVICES]:
        status = str(device["status"])
        yield import_row(
            device["serialNumber"],
            STATES.get(status.lower(), status),
            device.get("errorCode"),
            device.get("errorDescription"),
        )

"""How an instant is known: the values of every column `clock`, and what each means."""

from __future__ import annotations

DECLARED = "declared"
CORRECTED = "corrected"
ANCHORED = "anchored"
DEVICE_ZONE = "device_zone"
NOT_KNOWN = "unknown"
CLOCKS = {
    DECLARED: "the record says UTC",
    CORRECTED: "moved over a clock step",
    ANCHORED: "found from statements in the log or pairs with events",
    DEVICE_ZONE: "local time in the device's zone",
    NOT_KNOWN: "nothing tells",
}
"""The ways, the surest first."""

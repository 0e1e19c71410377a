"""Device setup: an MSI is called with a transform that does not fit it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eleven import second_app_fails
from cases.outside_noise import lived
from cases.outside_page import ready

TEXT = "Error applying transforms. Verify that the specified transform paths are valid."


def build(folder: Path) -> Path:
    m = Machine(
        "transform-that-cannot-be-applied", at(2026, 4, 8, 11, 30), name="WS-1514", serial="WS-1514-M"
    )
    lived(m, 40)
    t = ready(m)
    second_app_fails(m, t, "Finance Client", 1624, 0x80070658)
    m.event("installer", t + 4.4, 11708, plain=["Product: Finance Client -- Installation operation failed."])
    m.event("installer", t + 4.41, 1033, plain=["Finance Client", "9.2.0", "1033", "1624", "Fabrikam", TEXT])
    return m.as_zip(folder)

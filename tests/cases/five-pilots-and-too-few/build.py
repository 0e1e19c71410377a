"""A page of Graph with five pilots: the two that failed share a build, and five are too few to say so."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_fifteen import happened
from cases.outside_mail import page as graph_page


def build(folder: Path) -> Path:
    m = Machine("five-pilots-and-too-few", at(2026, 1, 13, 9, 0))
    rows = [
        happened(
            m,
            n,
            n * 0.9 * DAY,
            bad=n in (1, 3),
            minutes=61 if n in (1, 3) else 29 + n * 4,
            version="10.0.26200.7623" if n in (1, 3, 4) else "10.0.26100.7623",
        )
        for n in range(5)
    ]
    return graph_page(folder, "autopilotEvents.json", "deviceManagement/autopilotEvents", rows)

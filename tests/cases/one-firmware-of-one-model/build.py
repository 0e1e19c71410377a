"""Two pages of Graph: deployments of one model, and what Intune knows of its hardware; the old BIOS fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_fifteen import happened, managed
from cases.outside_mail import page as graph_page


def build(folder: Path) -> Path:
    m = Machine("one-firmware-of-one-model", at(2026, 3, 2, 7, 30))
    path = folder / "export"
    path.mkdir()
    events, devices = [], []
    for n in range(52):
        old = n % 4 == 2
        bad = (old and n not in (22, 46)) or n == 31
        events.append(
            happened(m, n, (n // 6) * DAY + (n % 6) * 80, bad=bad, minutes=62 if bad else 30 + (n * 5) % 21)
        )
        devices.append(managed(m, n, "1.14.2" if old else "1.21.0"))
    graph_page(path, "autopilotEvents.json", "deviceManagement/autopilotEvents", events)
    graph_page(path, "managedDevices.json", "deviceManagement/managedDevices", devices)
    return path

"""Device preparation: one app is still being installed when the page gives up."""

from __future__ import annotations

from pathlib import Path

from cases.outside import SETTINGS, Machine, at, compact
from cases.outside_agent import ended, kept, loads, looks, report, runs
from cases.outside_noise import lived
from cases.outside_preparation import begins, progress, result
from cases.outside_stages import sync


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-app-outlasts-its-page",
        at(2026, 5, 12, 8, 0),
        build="26100.6899",
        name="WS-6035",
        serial="WS-6035-Q",
    )
    lived(m, 60)
    t = begins(m)
    m.key(
        rf"{SETTINGS}\DevicePreparation",
        PageSettings=compact(
            {"AgentDownloadTimeoutSeconds": 900, "PageTimeoutSeconds": 1800, "AllowSkipOnFailure": True}
        ),
    )
    looks(m, t + 1, "Archive Tool")
    loads(m, t + 1.1, "Archive Tool")
    runs(m, t + 1.8, "Archive Tool")
    ended(m, t + 3, 0)
    report(m, t + 3.1, "Archive Tool", 0, "Success")
    kept(m, "Archive Tool", exit_code=0, code=0, state=1000)
    looks(m, t + 4, "Design Suite")
    loads(m, t + 4.1, "Design Suite", 4_900_000_000, minutes=9.0)
    runs(m, t + 13.3, "Design Suite")
    kept(m, "Design Suite", exit_code=None, code=0, state=2000, compliance=2)
    for n in range(3):
        sync(m, t + 5 + n * 8)
    progress(m, ("Policies", 1, 0), ("Archive Tool", 1, 0), ("Design Suite", 5, 0), ("Contoso Reader", 0, 0))
    result(m, t + 28.8, 401, 0x800705B4, agent=0x8000000A, page=0x800705B4)
    return m.as_zip(folder)

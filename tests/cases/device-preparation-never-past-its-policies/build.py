"""Device preparation: the policy provider never ends, so scripts and apps never begin."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_preparation import begins, progress, result
from cases.outside_stages import sync


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-never-past-its-policies",
        at(2026, 5, 5, 23, 30),
        name="WS-2188",
        serial="WS-2188-Q",
        build="26200.7840",
        zone="Pacific/Auckland",
    )
    t = begins(m)
    for n in range(9):
        sync(m, t + 1 + n * 7)
    progress(
        m,
        ("Policies", 5, 0),
        ("Set region", 0, 0),
        ("Payroll Client", 0, 0),
        ("Contoso Reader", 0, 0),
    )
    m.page(t + 60, "DevicePrepPage_Timeout", "DevicePrepPage: page timed out", 0x800705B4)
    result(m, t + 60.1, 401, 0x800705B4, agent=0x8000000A, page=0x800705B4)
    lived(m, 85)
    return m.as_collection(folder)

"""Device preparation: a PowerShell script ends with an error, the apps behind it never begin."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AGENT, DEVICE, Machine, at
from cases.outside_agent import script
from cases.outside_noise import lived
from cases.outside_preparation import begins, progress, result

SAYS = "Add-Printer : The specified server does not exist, or the server or printer name is invalid."


def build(folder: Path) -> Path:
    m = Machine(
        "device-preparation-script-fails",
        at(2026, 10, 6, 12, 10),
        name="WS-6610",
        serial="WS-6610-D",
        build="26100.6899",
        zone="Europe/Dublin",
    )
    t = begins(m)
    script(m, t + 1, "Set region", 0)
    script(m, t + 3, "Add office printer", 1, error=SAYS)
    for name, good in (("Set region", True), ("Add office printer", False)):
        m.key(
            rf"{AGENT}\Policies\{DEVICE}\{m.id(name)}",
            Result="Success" if good else "Failed",
            ErrorCode=0 if good else 1,
            ResultDetails="" if good else SAYS,
        )
    progress(
        m,
        ("Policies", 1, 0),
        ("Set region", 1, 0),
        ("Add office printer", 4, 1),
        ("Payroll Client", 0, 0),
        ("Contoso Reader", 0, 0),
    )
    result(m, t + 4, 401, 0x80070001, agent=0x80070001, page=0)
    lived(m, 25)
    return m.as_collection(folder)

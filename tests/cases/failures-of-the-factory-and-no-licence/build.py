"""The factory's programs, updates and a power cut failed weeks before; what stops the deployment is a licence."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, halt, profile
from cases.outside_twelve import turned_away

TITLE = "2026-01 Cumulative Update for Windows 11 (KB5074109)"


def build(folder: Path) -> Path:
    m = Machine(
        "failures-of-the-factory-and-no-licence",
        at(2026, 3, 3, 9, 20),
        build="26100.7623",
        zone="Europe/Rome",
        name="WS-8307",
        serial="WS-8307-G",
    )
    f = -42 * DAY
    boot(m, f)
    for n, product in enumerate(("Contoso Audio Console", "Contoso Dock Firmware")):
        m.event(
            "installer",
            f + 12 + n * 9,
            11708,
            plain=[f"Product: {product} -- Installation failed.", "(NULL)"],
        )
    for n in range(3):
        m.event(
            "update",
            f + 30 + n * 20,
            20,
            2,
            errorCode=Code(0x80070490),
            updateTitle=TITLE,
            updateGuid="{" + m.id("update") + "}",
            updateRevisionNumber=1,
        )
    boot(m, f + 95, crashed=True)
    halt(m, f + 120)
    boot(m, -4)
    profile(m, 0)
    for n in range(2):
        turned_away(m, 2.2 + n * 8, 0x80180018, "s:UserLicense", "The user is not licensed for this service.")
    lived(m, 25)
    return m.as_zip(folder)

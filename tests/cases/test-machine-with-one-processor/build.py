"""A virtual machine too small for its management enrolment."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import system_report
from cases.outside_noise import lived
from cases.outside_stages import ask_enrol, boot, join, profile


def build(folder: Path) -> Path:
    m = Machine(
        "test-machine-with-one-processor",
        at(2026, 1, 14, 9, 0),
        build="26100.4652",
        name="DESKTOP-QH7T2RD",
        serial="6036-0000-7711",
    )
    lived(m, 160)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    ask_enrol(m, 3)
    for n in range(3):
        m.event("shell", 3.5 + n * 50, 62407, Name="CDJUIShowPage", Value="idProgressPage")
    processor = "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz, 1995 Mhz, 1 Core(s), 1 Logical Processor(s)"
    system_report(m, "Microsoft Corporation", "Virtual Machine", processor, "2.00 GB")
    return m.as_folder(folder)

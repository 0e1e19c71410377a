"""A tuning script in the image has disabled the service that enrols."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eight import enrolment_ends, service_off
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile


def build(folder: Path) -> Path:
    m = Machine(
        "enrolment-service-disabled-by-a-tuning-script",
        at(2026, 3, 3, 8, 10),
        build="22631.5189",
        name="WS-6021",
        serial="WS-6021-A",
    )
    lived(m, 25)
    boot(m, -4)
    profile(m, 0)
    for t in (3.0, 9.0):
        join(m, t - 0.8)
        enrolment_ends(m, t, 0x80070422, 0x80070422)
        leave(m, t + 1)
    service_off(m, "DmEnrollmentSvc")
    m.key(r"system\currentcontrolset\services\DiagTrack", Start=4)
    m.key(r"system\currentcontrolset\services\wlidsvc", Start=3)
    return m.as_zip(folder)

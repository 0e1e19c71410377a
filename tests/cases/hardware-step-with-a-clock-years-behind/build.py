"""Self-deploying with a flat battery on the board: the clock is years behind, and no server is trusted."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_hardware import chip, not_attested
from cases.outside_noise import lived
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "hardware-step-with-a-clock-years-behind",
        at(2022, 5, 1, 0, 3),
        build="26100.4061",
        zone="Europe/Brussels",
        name="WS-3301",
        serial="WS-3301-K",
    )
    lived(m, 30)
    chip(m, "INTC", "Intel", "600.18.0.0")
    boot(m, -4)
    profile(m, 0, "self", name="Kiosks")
    m.event("autopilot", 0.3, 750, 2)
    times = {"ServerTime": "2026-05-04T07:12:08Z", "ClientTime": "2022-05-01T00:03:20Z"}
    m.event("autopilot", 0.31, 753, 3, **times, AttemptNumber=Signed(1), MaxAttempts=Signed(3))
    m.event("autopilot", 0.4, 752, 2, HRESULT=Code(0x800705B4))
    end = not_attested(m, 1, 0x80072F8F)
    m.page(end + 0.02, "CommercialOOBE_ESPProgress_Failure", "")
    return m.as_zip(folder)

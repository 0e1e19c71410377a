"""Self-deploying with AMD's firmware TPM: element not found twice, then the chip attests."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_agent import announced, app
from cases.outside_hardware import attested, chip
from cases.outside_noise import lived
from cases.outside_page import agent_comes, device_setup, finish
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "amd-chip-at-the-third-try",
        at(2026, 2, 10, 10, 0),
        build="26100.7705",
        zone="Europe/Warsaw",
        name="WS-8127",
        serial="WS-8127-C",
    )
    lived(m, 45)
    chip(m, "AMD", "AMD", "6.24.0.6")
    boot(m, -4)
    profile(m, 0, "self", name="Shared desks")
    for n in range(2):
        fields = {
            "HRESULT": Code(0x80070490),
            "WaitMs": Signed(30000),
            "AttemptNumber": Signed(n + 1),
            "MaxAttempts": Signed(5),
        }
        m.event("autopilot", 0.7 + n * 0.6, 192, 3, **fields)
    attested(m, 2)
    agent_comes(m, 5, 2)
    device_setup(m, 7)
    announced(m, 7.3, "Archive Tool", "Desk Booking")
    app(m, 7.5, "Archive Tool")
    app(m, 10, "Desk Booking")
    finish(m, 13, user=False)
    return m.as_zip(folder)

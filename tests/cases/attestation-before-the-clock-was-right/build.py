"""Self-deploying: attestation fails while the clock is seven hours behind, and goes well once it is right."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_hardware import attested, chip, not_attested
from cases.outside_noise import corrected, lived
from cases.outside_page import agent_comes, device_setup, finish
from cases.outside_stages import boot, halt, profile, query


def build(folder: Path) -> Path:
    m = Machine(
        "attestation-before-the-clock-was-right",
        at(2020, 3, 2, 16, 0),
        build="18363.693",
        zone="America/Los_Angeles",
        name="WS-1903",
        serial="WS-1903-Q",
    )
    corrected(m, 12, -420)
    lived(m, 75, step=0)
    chip(m, "INTC", "Intel", "303.12.0.0")
    boot(m, -4)
    profile(m, 0, "self", name="Kiosks")
    not_attested(m, 0.8, 0x800705B4, tries=3, wait=2)
    halt(m, 13, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, 14)
    query(m, 15)
    m.event("autopilot", 15.1, 163)
    attested(m, 16)
    agent_comes(m, 19, 2)
    device_setup(m, 21)
    announced(m, 21.3, "Archive Tool", "Kiosk Shell")
    app(m, 21.5, "Archive Tool")
    app(m, 24, "Kiosk Shell")
    finish(m, 27, user=False)
    return m.as_zip(folder)

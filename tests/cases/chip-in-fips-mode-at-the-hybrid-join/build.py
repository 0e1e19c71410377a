"""Hybrid join on an older PC: its TPM stands in FIPS mode."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_hardware import chip
from cases.outside_noise import lived
from cases.outside_page import account_setup, page_fails, state
from cases.outside_ten import WAITS, hybrid_to_account_setup, join_task_fails


def build(folder: Path) -> Path:
    m = Machine(
        "chip-in-fips-mode-at-the-hybrid-join",
        at(2024, 3, 12, 9, 0),
        build="19045.4170",
        zone="Europe/Brussels",
        name="WS-1106",
        serial="WS-1106-F",
    )
    chip(m, "IFX", "Infineon", "4.40")
    m.texts["TpmHliInfo_Output.txt"] = m.texts["TpmHliInfo_Output.txt"].replace(
        b"Version: 2.0", b"Version: 1.2"
    )
    t = hybrid_to_account_setup(m)
    account_setup(m, t)
    for n in range(8):
        join_task_fails(m, t + 1 + n * 7, 0x80280036, "join")
    state(m, "AccountSetup", "failed", "Time limit exceeded", **WAITS)
    page_fails(m, t + 61, "AccountSetup.SecurityPolicies", 0x800705B4, timeout=True)
    lived(m, t + 75)
    return m.as_zip(folder)

"""One .reg file of a device on ARM: the status page's keys and the agent's, one app for another platform."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AGENT, TRACKING, Machine, at
from cases.outside_agent import kept, tracked
from cases.outside_files import write_reg
from cases.outside_page import GOOD, state
from cases.outside_stages import first_sync

CODE = 0x80070661


def build(folder: Path) -> Path:
    m = Machine("package-for-another-processor", at(2026, 4, 1, 8, 0), build="22000.1")
    m.key(AGENT)
    for name, good in (("Archive Tool", True), ("Card Reader", False), ("Contoso Reader", True)):
        kept(m, name, exit_code=0 if good else 1633, code=0 if good else CODE, state=1000 if good else 5000)
        tracked(m, 1, name, 3 if good else 4, code=0 if good else CODE)
    m.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0)
    state(m, "DevicePreparation", "succeeded")
    state(m, "DeviceSetup", "failed", **GOOD, Apps=("failed", "Apps (Error: 0x80070661)"))
    state(m, "AccountSetup", "notStarted")
    first_sync(m, 60, WasDeviceSuccessfullyProvisioned=0)
    path = folder / "autopilot.reg"
    path.write_bytes(write_reg(m.keys))
    return path

"""Windows Home in OOBE: Autopilot cannot begin."""

from __future__ import annotations

from pathlib import Path

from cases import noise, stages
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "windows-home",
        utc(2025, 2, 17, 15, 30),
        build="22631.4751",
        edition="CoreSingleLanguage",
        name="DESKTOP-4K7Q2LM",
        serial="HM-0098-A",
        zone="Europe/Madrid",
    )
    stages.boot(d, -1)
    d.event("autopilot", 0.5, 100, 3, Message1="CloudAssignedOobeConfig")
    d.event("autopilot", 0.5, 100, 3, Message1="CloudAssignedLanguage")
    stages.screen(d, 1, "OobeRegion", minutes=2)
    stages.screen(d, 4, "OobeKeyboard")
    stages.screen(d, 6, "OobeWireless")
    stages.screen(d, 9, "OobeMSA", None)
    noise.packages(d, 0, 4)
    noise.collector(d, 20, 60)
    missing = ("Microsoft-Windows-AssignedAccess/Admin", "Microsoft-Windows-AppLocker/EXE and DLL")
    d.text(
        "MdmLogCollectorFootPrint.txt",
        "--- Start at: 02/17/2025 15:50:00\n"
        + "".join(f"Failed (HResult:0x80073A9F) to collect EventViewer Entry: {name}\n" for name in missing)
        + r"Failed (HResult: 0x80070002) to CollectFileEntry:c:\windows\provisioning\autopilot\autopilotconfigurationfile.json",
    )
    d.collected = 20
    return d.as_cabinet(folder)

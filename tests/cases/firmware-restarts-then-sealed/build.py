"""Pre-provisioning: an app brings the maker's firmware, asks for a restart, gets it, and the device is sealed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_agent import announced, app, says
from cases.outside_noise import lived
from cases.outside_page import GOOD, part, ready, state
from cases.outside_stages import boot, halt, query, sync


def build(folder: Path) -> Path:
    m = Machine(
        "firmware-restarts-then-sealed",
        at(2025, 2, 18, 9, 0),
        build="26100.3194",
        zone="America/New_York",
        name="WS-1420",
        serial="WS-1420-F",
    )
    t = ready(m, "seal", apps=2)
    announced(m, t + 0.3, "Firmware And Drivers", "Plant Viewer")
    for n, name in enumerate(("Firmware - 1.33", "Chipset - 10.1.19439", "Dock - 3.3.10")):
        fields = {"updateTitle": name, "updateGuid": "{" + m.id(name) + "}", "updateRevisionNumber": 1}
        m.event("update", t + 5 + n * 8, 19, **fields)
    app(m, t + 0.5, "Firmware And Drivers", 3010, minutes=29)
    says(m, t + 30, "[V3Processor] A restart is required to continue processing apps. Stop processing.")
    halt(
        m,
        t + 30.5,
        "restart",
        r"C:\Program Files (x86)\Microsoft Intune Management Extension\Microsoft.Management.Services.IntuneWindowsAgent.exe",
    )
    boot(m, t + 36)
    query(m, t + 36.5)
    m.event("autopilot", t + 36.6, 163)
    part(m, t + 37, "DeviceSetup")
    sync(m, t + 37.1)
    app(m, t + 38, "Plant Viewer")
    end = t + 41
    m.page(end, "CommercialOOBE_ESPProgress_WhiteGlove_Success", "BootstrapStatus: Success page shown.")
    m.event("shell", end + 0.001, 62405, Result="success")
    m.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    state(m, "DeviceSetup", "succeeded", **GOOD, Apps=("succeeded", "Apps (2 of 2 installed)"))
    halt(m, end + 3, "power off", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    lived(m, end + 2.5)
    return m.as_zip(folder)

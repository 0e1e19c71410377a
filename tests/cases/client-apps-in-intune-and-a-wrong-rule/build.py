"""A co-managed device whose client apps are Intune's work: an app is not found by its rule."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_agent import announced, app, says
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "client-apps-in-intune-and-a-wrong-rule",
        at(2026, 9, 15, 6, 0),
        build="22631.5909",
        zone="Europe/Berlin",
        name="WS-8315",
        serial="WS-8315-Q",
    )
    lived(m, 45)
    t = ready(m)
    m.key(r"software\microsoft\ccm", CoManagementFlags=0x20FF)
    provider = rf"{TRACKING}\Device\DevicePreparation\PolicyProviders\ConfigMgr"
    m.key(provider, InstallationState=3, InstallDuration=640, LastError=0, Timeout=1800)
    m.key(rf"{TRACKING}\Device\Setup\Apps\PolicyProviders\ConfigMgr", TrackingPoliciesCreated=1)
    m.event("autopilot", 5.6, 288, Message1="ConfigMgr", Message2="DevicePreparation")
    says(m, t + 0.2, "Comgt app workload status False", "[Win32App] Requesting required apps")
    announced(m, t + 0.4, "Archive Tool", "Phone System")
    app(m, t + 0.6, "Archive Tool")
    app(m, t + 3, "Phone System", 0, code=0x87D1041C, found=False)
    page_fails(m, t + 5.4, "DeviceSetup.Apps", 0x87D1041C)
    return m.as_zip(folder)

"""Co-management: the apps belong to Configuration Manager, and the page waits for the Intune agent."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DEVICE, TRACKING, Machine, at
from cases.outside_agent import says
from cases.outside_eight import BEGUN, runs_out
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import sync


def build(folder: Path) -> Path:
    m = Machine(
        "apps-are-the-other-managements-work",
        at(2026, 5, 6, 6, 0),
        build="22631.5624",
        name="WS-6025",
        serial="WS-6025-E",
    )
    lived(m, 90)
    t = ready(m)
    m.key(rf"{TRACKING}\Device\Setup\Apps\PolicyProviders\Sidecar", TrackingPoliciesCreated=0)
    m.key(r"software\microsoft\ccm", CoManagementFlags=0x2013)
    for n in range(7):
        says(
            m,
            t + 0.5 + n * 8,
            "[Win32App][EspHelper][CheckEspPhase] In EspPhase: DeviceSetup",
            "Comgt app workload status True",
            "[Win32App] Requesting required apps",
            f"[Win32App] Got 0 Win32App(s) for user {DEVICE} in session 0",
        )
        sync(m, t + 2 + n * 8)
    runs_out(m, t + 60, "DeviceSetup.Apps", Apps=BEGUN)
    return m.as_zip(folder)

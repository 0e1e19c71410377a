"""A self-deploying kiosk: its Assigned Access configuration is refused."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eight import refused_node, runs_out
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import first_sync, sync

NODE = "./Device/Vendor/MSFT/AssignedAccess/Configuration"


def build(folder: Path) -> Path:
    m = Machine(
        "kiosk-configuration-not-well-formed",
        at(2026, 2, 24, 6, 40),
        build="26100.6584",
        name="KIOSK-45",
        serial="WS-6034-P",
    )
    lived(m, 80)
    t = ready(m, "self", apps=1)
    announced(m, t + 0.2, "Signage Player")
    app(m, t + 0.5, "Signage Player")
    for n in range(12):
        refused_node(
            m,
            t + 0.1 + n * 5,
            f"./Device/Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/Poll{n % 3}",
            0x86000002,
            6,
        )
    for n in range(6):
        refused_node(m, t + 1 + n * 9, NODE, 0xC00CE223)
        sync(m, t + 1.5 + n * 9)
    runs_out(
        m,
        t + 60,
        "DeviceSetup.SecurityPolicies",
        SecurityPolicies=("inProgress", "Security policies (0 of 1 applied)"),
        Apps=("succeeded", "Apps (1 of 1 installed)"),
    )
    first_sync(m, 60, WasDeviceSuccessfullyProvisioned=0, ExpectedPolicies=NODE)
    tracked = r"software\microsoft\windows\autopilot\EnrollmentStatusTracking\ESPTrackingInfo\Diagnostics\ExpectedPolicies"
    m.key(rf"{tracked}\{m.clock(t + 1):%Y-%m-%dT%H:%M:%S}Z", **{NODE: 0})
    return m.as_zip(folder)

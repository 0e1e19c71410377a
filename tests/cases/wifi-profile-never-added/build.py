"""The page waits for a Wi-Fi profile."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, page_fails, ready, state


def build(folder: Path) -> Path:
    m = Machine("wifi-profile-never-added", at(2026, 4, 16, 7, 50), name="WS-3614", serial="WS-3614-P")
    lived(m, 80)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    for n in range(5):
        m.event("dm", t + 1 + n * 10, 1503, UInt1=1, Message1="Contoso-Corp", HRESULT=Code(0x80070057))
    m.key(
        rf"{TRACKING}\ESPTrackingInfo\Diagnostics\ExpectedNetworkProfiles\2026-04-16T07:56:40.300Z",
        **{"./Vendor/MSFT/WiFi/Profile/Contoso-Corp": 0},
    )
    page_fails(m, t + 60, "DeviceSetup.NetworkConnections", 0x800705B4, timeout=True)
    parts = {**GOOD, "NetworkConnections": ("inProgress", "Network connections (0 of 1 added)")}
    state(
        m,
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **parts,
        Apps=("succeeded", "Apps (2 of 2 installed)"),
    )
    return m.as_zip(folder)

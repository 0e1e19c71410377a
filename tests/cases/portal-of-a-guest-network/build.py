"""A guest Wi-Fi with a portal page."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, halt, screen


def build(folder: Path) -> Path:
    m = Machine(
        "portal-of-a-guest-network",
        at(2026, 6, 3, 7, 5),
        build="22631.4317",
        name="DESKTOP-QH7T2RD",
        serial="WS-1156-M",
    )
    lived(m, 30)
    for n in range(2):
        t = n * 13
        boot(m, t - 2)
        m.event("autopilot", t, 286)
        m.event("autopilot", t + 0.01, 285)
        m.event("shell", t + 0.5, 62404, CXID="OobeWireless")
        m.event(
            "net",
            t + 1,
            10000,
            Name="Guest",
            Description="Guest",
            Guid="{" + m.id("net") + "}",
            Type=0,
            State=5,
            Category=0,
        )
        screen(
            m,
            t + 1.2,
            "OobeNetworkLogging_SuccessfulConnection",
            compact({"isWifi": True, "connectivityLevel": 2, "captivePortalState": 1}),
        )
        screen(m, t + 1.3, "hasInternetAccess_networkCheck", "false")
        m.event("autopilot", t + 1.4, 165, 3)
        for k in range(7):
            m.event("autopilot", t + 2 + k, 167)
        m.event("shell", t + 9.2, 62404, CXID="OobeNetworkLossError")
        if n == 0:
            halt(m, t + 10, "power off", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    return m.as_folder(folder)

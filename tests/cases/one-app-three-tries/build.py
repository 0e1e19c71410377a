"""One app fails at each of three tries: one fact."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device("one-app-three-tries", utc(2026, 2, 10, 13, 40), name="CO-70231", serial="CO-70231-K")
    t = deployment.until_setup(d, apps=1)
    for n in range(3):
        start = t + 0.2 + n * 6
        agent.begins(d, start, "Badge Printer Driver")
        agent.ends(d, start + 0.9, "Badge Printer Driver", 1602)
        if n < 2:
            d.line("AppWorkload", start + 1, f"[Win32App] ===Step=== Execute retry {n + 1}")
    agent.tracked(d, t + 0.3, "Badge Printer Driver")
    agent.tracked(d, t + 13.3, "Badge Printer Driver", done=False, code=0x80070642)
    agent.remembered(d, "Badge Printer Driver", 1602, 0x80070642)
    status_page.page_fails(d, t + 13.4, "DeviceSetup.Apps", 0x80070642)
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x80070642)"))
    d.collected = t + 20
    return d.as_zip(folder)

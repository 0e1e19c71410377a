"""Pre-provisioning: an app that the page does not wait for fails; the technician's part goes green all the same."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import DAY, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "app-outside-the-blocking-list-fails",
        utc(2026, 3, 3, 8, 0),
        build="26100.7840",
        name="CO-71080",
        serial="CO-71080-B",
    )
    t = deployment.until_setup(d, mode="pre-provisioning", apps=1)
    agent.app(d, t + 0.2, "Archive Tool")
    name, s = "Design Suite", t + 3
    app = agent.begins(d, s, name, phase="NotInEsp")
    d.lines["AppWorkload"] = [
        row
        for row in d.lines["AppWorkload"]
        if not (app in row[1].message and "registered to ESP" in row[1].message)
    ]
    agent.ends(d, s + 2, name, 1603)
    d.lines["AppWorkload"] = [
        row
        for row in d.lines["AppWorkload"]
        if not (app in row[1].message and "ESP tracked" in row[1].message)
    ]
    key = rf"{stages.AGENT_KEY}\Win32Apps\{stages.DEVICE}\{app}_1"
    d.key(key, ExitCode="1603", Intent=3)
    kept = '{"EnforcementState":5000,"ErrorCode":-2147023293}'
    d.key(rf"{key}\EnforcementStateMessage", EnforcementStateMessage=kept)
    status_page.sealed(d, s + 4)
    u = s + 4 + DAY
    stages.boot(d, u)
    stages.query(d, u + 1)
    stages.join(d, u + 2.5)
    stages.enrol(d, u + 3.3)
    status_page.part_starts(d, u + 4, "DeviceSetup", *status_page.PARTS)
    status_page.device_done(d, u + 6, 1)
    status_page.account_setup(d, u + 8)
    status_page.account_done(d, u + 10)
    stages.desktop(d, u + 11)
    d.collected = u + 60
    return d.as_zip(folder)

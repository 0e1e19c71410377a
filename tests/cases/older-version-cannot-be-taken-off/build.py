"""Supersedence: the uninstaller of the old version fails, so the new one never begins."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at, compact
from cases.outside_agent import announced, app, ended, kept, report, says, tracked
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

OLD, NEW, CODE = "Plan Viewer 11", "Plan Viewer 12", 0x80070643


def build(folder: Path) -> Path:
    m = Machine(
        "older-version-cannot-be-taken-off", at(2026, 2, 17, 12, 40), name="WS-1503", serial="WS-1503-S"
    )
    lived(m, 50)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", NEW)
    says(
        m, t + 0.32, "Get policies = " + compact([{"Id": m.id(OLD), "Name": OLD, "Version": 1, "Intent": 4}])
    )
    app(m, t + 0.5, "Archive Tool")
    old, new, s = m.id(OLD), m.id(NEW), t + 3
    tracked(m, s, NEW, 2)
    says(
        m,
        s,
        f"[Win32App][V3Processor] Processing subgraph with app ids: {new}, {old}",
        f"[Win32App][DetectionActionHandler] Detection running for policy with id: {old}.",
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {old} resulted in action status: Success and "
        "detection state: Detected.",
        f"[Win32App][ReportingManager] Desired state for app with id: {old} has been updated. Report delta: "
        '{"DesiredState":{"OldValue":null,"NewValue":"NotPresent"}}',
        f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: Uninstall for policy with id: {old} "
        "and version: 1",
        r"[Win32App] ===Step=== InstallBehavior RegularWin32App, Intent 4, UninstallCommandLine msiexec /x "
        "{5B0C7B31-2A51-4A0F-9C7E-0C1D2E3F1103} /qn",
        "[Win32App] Launch Win32AppInstaller in machine session",
    )
    ended(m, s + 1.4, 1603)
    m.event("installer", s + 1.35, 11725, plain=[f"Product: {OLD} -- Removal failed."])
    says(
        m,
        s + 1.45,
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {old} resulted in action status: Success and "
        "detection state: Detected.",
    )
    report(m, s + 1.46, OLD, CODE, "Error")
    kept(m, OLD, exit_code=1603, code=CODE, state=5000, compliance=4)
    tracked(m, s + 1.6, NEW, 4, code=CODE)
    page_fails(m, s + 2, "DeviceSetup.Apps", CODE)
    return m.as_zip(folder)

"""Supersedence: the old version is removed, then the new one installed; all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, ended, kept, report, says
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine("older-version-goes-first", at(2026, 3, 24, 8, 0), name="WS-3901", serial="WS-3901-O")
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    old, new = m.id("Contoso Reader 23"), m.id("Contoso Reader")
    s = t + 3
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
        "[Win32App] Launch Win32AppInstaller in machine session",
    )
    ended(m, s + 0.6, 0)
    says(
        m,
        s + 0.65,
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {old} resulted in action status: Success and "
        "detection state: NotDetected.",
    )
    report(m, s + 0.66, "Contoso Reader 23", 0, "Success")
    app(m, s + 0.8, "Contoso Reader")
    kept(m, "Contoso Reader 23", exit_code=0, code=0, state=1000, compliance=1)
    m.key(
        rf"software\microsoft\intunemanagementextension\Win32Apps\00000000-0000-0000-0000-000000000000\{old}_1"
        r"\ComplianceStateMessage",
        ComplianceStateMessage='{"Applicability":0,"ComplianceState":1,"DesiredState":1,"ErrorCode":0}',
    )
    finish(m, t + 8)
    days(m, 1, 4)
    lived(m, 4 * 1440.0)
    return m.as_zip(folder)

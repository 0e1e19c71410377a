"""A Store app that the agent cannot find fails the page."""

from __future__ import annotations

import json
from pathlib import Path

from cases import agent, deployment, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device("store-app-not-found", utc(2026, 2, 3, 8, 10), name="CO-13355", serial="CO-13355-Q")
    t = deployment.until_setup(d, apps=2)
    agent.app(d, t + 0.2, "Archive Tool")
    app, s = d.guid("app Team Planner"), t + 4
    policy = [
        {
            "Id": app,
            "Name": "Team Planner",
            "Version": 1,
            "Intent": 3,
            "TargetType": 2,
            "FlatDependencies": [],
            "InstallerData": '{"PackageIdentifier":"9CONTOSOPLN1","SourceName":"msstore"}',
            "AppApplicabilityStateDueToAssginmentFilters": None,
            "InstallEx": '{"RunAs":1}',
        }
    ]
    delta = '{"EnforcementState":{"OldValue":"InProgress","NewValue":"Error"},"EnforcementErrorCode":{"OldValue":null,"NewValue":-1978335212}}'
    for wait, message in (
        (0, "Get policies = " + json.dumps(policy, separators=(",", ":"))),
        (
            0.01,
            f"[Win32App][EspManager] In EspPhase: DeviceSetup. App {app} has been registered to ESP. App name: Team Planner",
        ),
        (0.02, f"[Win32App][V3Processor] Processing subgraph with app ids: {app}"),
        (
            0.03,
            f"[Win32App][WinGetApp][WinGetAppDetectionExecutor] Starting detection of app with id: {app} and context: SystemContext.",
        ),
        (
            0.04,
            f"[Win32App][WinGetApp][WinGetOperation] Starting Detection for app with id: {app} and package id: 9CONTOSOPLN1.",
        ),
        (0.20, "[Win32App][WinGetApp][AppPackageManager] Search result status: Ok (0x00000000)."),
        (0.21, "[Win32App][WinGetApp][AppPackageManager] Found 0 app packages."),
        (
            0.22,
            f"[Win32App][DetectionActionHandler] Detection for policy with id: {app} resulted in action status: Success and detection state: NotDetected.",
        ),
        (
            0.30,
            f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install for policy with id: {app} and version: 1",
        ),
        (
            0.35,
            f"[WinGetMessageProcessor] Processing Progress for app = {app} and user = 00000000-0000-0000-0000-000000000000 - Operation Phase = Error",
        ),
        (
            0.36,
            f"[Win32App][ReportingManager] Execution state for app with id: {app} has been updated. Report delta: {delta}",
        ),
        (
            0.37,
            f"[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application {app} with name: Team Planner.",
        ),
    ):
        d.line("AppWorkload", s + wait, message)
    agent.tracked(d, s + 0.02, "Team Planner")
    agent.tracked(d, s + 0.4, "Team Planner", done=False, code=0x8A150014)
    agent.remembered(d, "Team Planner", None, 0x8A150014)
    status_page.page_fails(d, s + 0.6, "DeviceSetup.Apps", 0x8A150014)
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x8A150014)"))
    d.collected = s + 10
    return d.as_zip(folder)

"""A line-of-business MSI and a Win32 app are done; the Store app is still loading when the hour is over."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DEVICE, Machine, at, compact
from cases.outside_agent import announced, app, kept, says, tracked
from cases.outside_noise import lived
from cases.outside_page import GOOD, msi, page_fails, ready, state

NAME, PACKAGE = "Shift Planner", "9NCONTOSOSHF"


def build(folder: Path) -> Path:
    m = Machine("store-app-open-at-the-limit", at(2026, 5, 4, 6, 50), name="WS-8841", serial="WS-8841-S")
    lived(m, 85)
    t = ready(m, apps=2)
    msi(m, t + 0.2, "{2E8A4C10-77D1-4B0E-8A55-61C0B2D94F17}", "ScannerDriver.msi", minutes=2)
    announced(m, t + 2.3, "Archive Tool")
    app(m, t + 2.5, "Archive Tool")
    planner, s = m.id(NAME), t + 5
    policy = {
        "Id": planner,
        "Name": NAME,
        "Version": 1,
        "Intent": 3,
        "TargetType": 2,
        "FlatDependencies": [],
        "InstallerData": compact({"PackageIdentifier": PACKAGE, "SourceName": "msstore"}),
        "AppApplicabilityStateDueToAssginmentFilters": None,
        "InstallEx": compact({"RunAs": 1}),
    }
    says(
        m,
        s,
        "Get policies = " + compact([policy]),
        f"[Win32App][EspManager] In EspPhase: DeviceSetup. App {planner} has been registered to ESP. App name: {NAME}",
        f"[Win32App][V3Processor] Processing subgraph with app ids: {planner}",
        f"[Win32App][WinGetApp][WinGetAppDetectionExecutor] Starting detection of app with id: {planner} and context: "
        "SystemContext.",
        f"[Win32App][WinGetApp][WinGetOperation] Starting Detection for app with id: {planner} and package id: {PACKAGE}.",
        "[Win32App][WinGetApp][AppPackageManager] Search result status: Ok (0x00000000).",
        "[Win32App][WinGetApp][AppPackageManager] Found 1 app packages.",
        "[WinGet] Detection Operation result has arrived NotDetected.",
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {planner} resulted in action status: Success "
        "and detection state: NotDetected.",
        f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install for policy with id: {planner} "
        "and version: 1",
    )
    tracked(m, s + 0.1, NAME, 2)
    size = 412_000_000
    for n in range(20):
        have = min(24_000_000 * (n + 1), 151_000_000)
        says(
            m,
            s + 0.5 + n * 2.7,
            f"[StatusService] Downloading app (id = {planner}, name {NAME}) via WinGet, bytes {have}/{size} for user {DEVICE}",
        )
    kept(m, NAME, exit_code=None, code=0, state=2000, compliance=0)
    page_fails(m, t + 60, "DeviceSetup.Apps", 0x800705B4, timeout=True)
    state(
        m,
        "DeviceSetup",
        "failed",
        "Time limit exceeded",
        **GOOD,
        Apps=("inProgress", "Apps (2 of 3 installed)"),
    )
    return m.as_zip(folder)

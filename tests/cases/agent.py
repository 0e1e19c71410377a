"""Lines of the Intune agent about one Win32 app, as genuine logs shape them, and what it leaves in the registry."""

from __future__ import annotations

import json

from cases.building import Device, Hex32
from cases.stages import AGENT_KEY, DEVICE, TRACKING, signed

LOG = "AppWorkload"


def begins(
    d: Device,
    t: float,
    name: str,
    *,
    phase: str = "DeviceSetup",
    size: int = 48_000_000,
    run_as: int = 1,
    log: str = LOG,
    minutes: int = 60,
    until: float = 1.0,
) -> str:
    """The agent takes an app up, loads it and starts its installer; returns the app's id.

    Lines that would stand more than `until` minutes after `t` are not written.
    """
    app, user = d.guid(f"app {name}"), DEVICE if phase == "DeviceSetup" else d.guid(f"user {d.user}")
    install = {
        "RunAs": run_as,
        "RequiresLogon": False,
        "InstallProgramVisibility": 3,
        "MaxRetries": 3,
        "RetryIntervalInMinutes": 5,
        "MaxRunTimeInMinutes": minutes,
        "DeviceRestartBehavior": 0,
    }
    policy = [
        {
            "Id": app,
            "Name": name,
            "Version": 1,
            "Intent": 3,
            "TargetType": 2 if user == DEVICE else 1,
            "AppApplicabilityStateDueToAssginmentFilters": None,
            "FlatDependencies": [],
            "InstallEx": json.dumps(install, separators=(",", ":")),
        }
    ]
    loading = f"[StatusService] Downloading app (id = {app}, name {name}) via DO, bytes"
    said = (
        (0.000, "[Win32App][EspHelper][CheckEspPhase] Checking ESP status and phase for sessionId: 0"),
        (0.001, f"[Win32App][EspHelper][CheckEspPhase] In EspPhase: {phase}"),
        (0.005, "Get policies = " + json.dumps(policy, separators=(",", ":"))),
        (
            0.008,
            f"[Win32App][EspManager] In EspPhase: {phase}. App {app} has been registered to ESP. App name: {name}",
        ),
        (
            0.010,
            f"[Win32App] ..................... Processing user session {0 if user == DEVICE else 1}, "
            f"userId: {user}, userSID:  .....................",
        ),
        (0.050, f"[Win32App][V3Processor] Processing subgraph with app ids: {app}"),
        (0.052, "[Win32App][DetectionActionHandler] Handler invoked for 1 app detections."),
        (0.053, f"[Win32App][DetectionActionHandler] Detection running for policy with id: {app}."),
        (
            0.060,
            f"[Win32App][DetectionActionHandler] Detection for policy with id: {app} resulted in action status: "
            "Success and detection state: NotDetected.",
        ),
        (
            0.065,
            f"[Win32App][ApplicabilityActionHandler] Applicability check for policy with id: {app} resulted in "
            "action status: Success and applicability state: Applicable.",
        ),
        (
            0.070,
            f"[Win32App][DownloadActionHandler] Handler invoked for policy with id: {app} and version: 1",
        ),
        (0.071, f"[Win32App] Content cache miss for app (id = {app}, name = {name}), start downloading..."),
        (0.080, f"{loading} 0/{size} for user {user}"),
        (0.400, f"{loading} {size}/{size} for user {user}"),
        (0.402, "[Win32App DO] DO download and decryption is successfully done"),
        (0.403, f"[Win32App] Downloaded file size {size}"),
        (0.404, "[Win32App][DownloadActionHandler] Handler completed with action status: Success."),
        (
            0.410,
            f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install for policy with id: "
            f"{app} and version: 1",
        ),
        (0.411, f"[Win32App] SetCurrentDirectory: C:\\Windows\\IMECache\\{app}_1"),
        (0.412, f"[Win32App] Launch Win32AppInstaller in {'machine' if run_as else 'user'} session"),
    )
    for wait, message in said:
        if wait <= until:
            d.line(log, t + wait, message)
    return app


def ends(
    d: Device,
    t: float,
    name: str,
    exit_code: int = 0,
    *,
    error: int | None = None,
    detected: bool | None = None,
    log: str = LOG,
) -> None:
    """The installer ends; the app is detected when it went well, or as `detected` says."""
    app = d.guid(f"app {name}")
    good = exit_code in (0, 3010)
    word = {0: "Success", 3010: "SoftReboot", 1641: "HardReboot", 1618: "Retry"}.get(exit_code, "Failed")
    found = good if detected is None else detected
    code = (
        error if error is not None else (0x80070000 | exit_code if not good else (0 if found else 0x87D1041C))
    )
    d.line(log, t, "[Win32App] Installation is done, collecting result")
    d.line(log, t + 0.001, f"[Win32App] lpExitCode {exit_code}")
    d.line(log, t + 0.002, f"[Win32App] lpExitCode is defined as {word}")
    state = "Detected" if found else "NotDetected"
    d.line(
        log,
        t + 0.01,
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {app} resulted in action "
        f"status: Success and detection state: {state}.",
    )
    fine = good and found
    delta = {"EnforcementState": {"OldValue": "InProgress", "NewValue": "Success" if fine else "Error"}}
    if not fine:
        delta["EnforcementErrorCode"] = {"OldValue": None, "NewValue": signed(code)}
    d.line(
        log,
        t + 0.012,
        f"[Win32App][ReportingManager] Execution state for app with id: {app} has been updated. "
        f"Report delta: {json.dumps(delta, separators=(',', ':'))}",
    )
    d.line(
        log,
        t + 0.014,
        f"[Win32App][EspManager] Updating ESP tracked install status from InProgress to "
        f"{'Completed' if fine else 'Error'} for application {app} with name: {name}.",
    )
    d.line(log, t + 0.016, "[Win32App][V3Processor] Done processing subgraph.")


def app(
    d: Device,
    t: float,
    name: str,
    exit_code: int = 0,
    *,
    minutes: float = 2.0,
    phase: str = "DeviceSetup",
    error: int | None = None,
    detected: bool | None = None,
    registry: bool = True,
) -> str:
    """One app from first look to end, in log, events and registry."""
    identity = begins(d, t, name, phase=phase)
    tracked(d, t, name)
    ends(d, t + minutes, name, exit_code, error=error, detected=detected)
    good = exit_code in (0, 3010) and detected is not False
    code = error or (0 if good else 0x87D1041C if exit_code == 0 else 0x80070000 | exit_code)
    tracked(d, t + minutes, name, done=good, code=code)
    if registry:
        remembered(d, name, exit_code if exit_code or good else 0, code, phase=phase)
    return identity


def tracked(d: Device, t: float, name: str, *, done: bool | None = None, code: int = 0) -> None:
    """The page's own events about an app (Windows 11): begun, done, failed."""
    item = f"Win32App_{d.guid(f'app {name}')}_1"
    if d.number < 22000:
        return
    if done is None:
        d.event("autopilot", t, 297, Message1="Sidecar", Message2=item)
    elif done:
        d.event("autopilot", t, 296, Message1="Sidecar", Message2=item)
    else:
        d.event("autopilot", t, 298, Message1="Sidecar", Message2=item, HRESULT=Hex32(code))


def remembered(
    d: Device,
    name: str,
    exit_code: int | None,
    code: int,
    *,
    phase: str = "DeviceSetup",
    state: int | None = None,
) -> None:
    """The app's keys: tracking of the page, and the agent's own."""
    scope, user = ("Device", DEVICE) if phase == "DeviceSetup" else (d.sid(), d.guid(f"user {d.user}"))
    item = d.guid(f"app {name}")
    shown = state if state is not None else (3 if code == 0 else 4)
    d.key(
        rf"{TRACKING}\{scope}\Setup\Apps\Tracking\Sidecar\Win32App_{item}_1",
        InstallationState=shown,
        RebootRequired=1,
    )
    path = rf"{AGENT_KEY}\Win32Apps\{user}\{item}_1"
    if exit_code is not None:
        d.key(path, ExitCode=str(exit_code), Intent=3)
    kept = {
        "Applicability": 0,
        "ComplianceState": 1 if code == 0 else 4,
        "DesiredState": 2,
        "ErrorCode": signed(code),
    }
    d.key(rf"{path}\ComplianceStateMessage", ComplianceStateMessage=json.dumps(kept, separators=(",", ":")))
    enforced = {"EnforcementState": {3: 1000, 4: 5000}.get(shown, 2000), "ErrorCode": signed(code)}
    d.key(
        rf"{path}\EnforcementStateMessage",
        EnforcementStateMessage=json.dumps(enforced, separators=(",", ":")),
    )

"""What the Intune agent writes about apps and scripts, and what it leaves in the registry."""

from __future__ import annotations

from cases.outside import AGENT, DEVICE, TRACKING, Code, Machine, compact

LOG = "AppWorkload"
WORDS = {0: "Success", 3010: "SoftReboot", 1641: "HardReboot", 1618: "Retry"}


def signed(code: int) -> int:
    return code - (1 << 32) if code >= 1 << 31 else code


def wrapped(code: int) -> int:
    """An exit code as the agent stores it."""
    return 0 if code in (0, 3010, 1641) else 0x80070000 + code


def says(m: Machine, t: float, *words: str, log: str = LOG, kind: int = 1) -> None:
    for n, message in enumerate(words):
        m.line(log, t + n * 0.0005, message, kind)


def announced(
    m: Machine,
    t: float,
    *names: str,
    phase: str = "DeviceSetup",
    needs: dict[str, list[str]] | None = None,
    detection: int = 2,
) -> None:
    """The agent takes up its list."""
    policies = []
    for name in names:
        install = {
            "RunAs": 1,
            "RequiresLogon": False,
            "MaxRetries": 3,
            "RetryIntervalInMinutes": 5,
            "MaxRunTimeInMinutes": 60,
            "DeviceRestartBehavior": 0,
        }
        depends = [
            {"Action": 10, "AppId": m.id(name), "ChildId": m.id(child), "Type": 0, "Level": 0}
            for child in (needs or {}).get(name, [])
        ]
        policies.append(
            {
                "Id": m.id(name),
                "Name": name,
                "Version": 1,
                "Intent": 3,
                "TargetType": 2 if phase == "DeviceSetup" else 1,
                "AppApplicabilityStateDueToAssginmentFilters": None,
                "FlatDependencies": depends,
                "DetectionRule": compact([{"DetectionType": detection}]),
                "InstallEx": compact(install),
            }
        )
    says(
        m,
        t,
        "[Win32App][EspHelper][CheckEspPhase] Checking ESP status and phase for sessionId: 0",
        f"[Win32App][EspHelper][CheckEspPhase] In EspPhase: {phase}",
        "Get policies = " + compact(policies),
    )
    for n, name in enumerate(names):
        says(
            m,
            t + 0.01 + n * 0.001,
            f"[Win32App][EspManager] In EspPhase: {phase}. App {m.id(name)} has been registered to ESP. App name: {name}",
        )
        tracked(m, t + 0.02, name, 1, phase=phase)


def tracked(
    m: Machine, t: float, name: str, state: int, *, phase: str = "DeviceSetup", code: int = 0
) -> None:
    """The page's key of an app, and its event."""
    item = f"Win32App_{m.id(name)}_1"
    scope = "Device" if phase == "DeviceSetup" else m.sid()
    m.key(
        rf"{TRACKING}\{scope}\Setup\Apps\Tracking\Sidecar\{item}", InstallationState=state, RebootRequired=1
    )
    if m.eleven and state > 1:
        number = {2: 297, 3: 296, 4: 298}[state]
        more = {"HRESULT": Code(code)} if state == 4 else {}
        m.event("autopilot", t, number, 2 if state == 4 else 4, Message1="Sidecar", Message2=item, **more)


def looks(m: Machine, t: float, name: str, *, found: bool = False, fits: str = "Applicable") -> None:
    """Detection and requirements before anything is loaded."""
    app, seen = m.id(name), "Detected" if found else "NotDetected"
    says(
        m,
        t,
        f"[Win32App][V3Processor] Processing subgraph with app ids: {app}",
        "[Win32App][DetectionActionHandler] Handler invoked for 1 app detections.",
        f"[Win32App][DetectionActionHandler] Detection running for policy with id: {app}.",
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {app} resulted in action status: Success and "
        f"detection state: {seen}.",
        f"[Win32App][ApplicabilityActionHandler] Applicability check for policy with id: {app} resulted in action status: "
        f"Success and applicability state: {fits}.",
    )


def loads(
    m: Machine, t: float, name: str, size: int = 61_000_000, *, got: int | None = None, minutes: float = 0.5
) -> None:
    """The content is downloaded, or as much of it as `got`."""
    app, have = m.id(name), size if got is None else got
    line = f"[StatusService] Downloading app (id = {app}, name {name}) via DO, bytes"
    says(
        m,
        t,
        f"[Win32App][DownloadActionHandler] Handler invoked for policy with id: {app} and version: 1",
        f"[Win32App] Content cache miss for app (id = {app}, name = {name}), start downloading...",
    )
    for n in range(5):
        says(m, t + 0.02 + minutes * n / 4, f"{line} {have * n // 4}/{size} for user {DEVICE}")
    if have == size:
        says(
            m,
            t + minutes + 0.03,
            "[Win32App DO] DO download and decryption is successfully done",
            f"[Win32App] Downloaded file size {size}",
            "[Win32App][DownloadActionHandler] Handler completed with action status: Success.",
        )


def runs(m: Machine, t: float, name: str) -> None:
    """The installer starts."""
    app = m.id(name)
    says(
        m,
        t,
        f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install for policy with id: {app} and version: 1",
        "[Win32App] ===Step=== InstallBehavior RegularWin32App, Intent 3, UninstallCommandLine ",
        rf"[Win32App] SetCurrentDirectory: C:\Windows\IMECache\{app}_1",
        "[Win32App] Launch Win32AppInstaller in machine session",
    )


def ended(m: Machine, t: float, exit_code: int) -> None:
    says(
        m,
        t,
        "[Win32App] Installation is done, collecting result",
        f"[Win32App] lpExitCode {exit_code}",
        f"[Win32App] lpExitCode is defined as {WORDS.get(exit_code, 'Failed')}",
    )


def verdict(
    m: Machine,
    t: float,
    name: str,
    code: int,
    *,
    found: bool | None = None,
    word: str = "",
    phase: str = "DeviceSetup",
) -> None:
    """Detection afterwards and what the agent reports."""
    app, good = m.id(name), code == 0
    seen = "Detected" if (good if found is None else found) else "NotDetected"
    says(
        m,
        t,
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {app} resulted in action status: Success and "
        f"detection state: {seen}.",
    )
    report(m, t + 0.01, name, code, word or ("Success" if good else "Error"))
    says(
        m,
        t + 0.02,
        f"[Win32App][EspManager] Updating ESP tracked install status from InProgress to {'Completed' if good else 'Error'} "
        f"for application {app} with name: {name}.",
        "[Win32App][V3Processor] Done processing subgraph.",
    )
    tracked(m, t + 0.03, name, 3 if good else 4, phase=phase, code=code)


def report(m: Machine, t: float, name: str, code: int, word: str) -> None:
    delta: dict = {"EnforcementState": {"OldValue": "InProgress", "NewValue": word}}
    if code:
        delta["EnforcementErrorCode"] = {"OldValue": None, "NewValue": signed(code)}
    says(
        m,
        t,
        f"[Win32App][ReportingManager] Execution state for app with id: {m.id(name)} has been updated. Report delta: {compact(delta)}",
    )


def kept(
    m: Machine,
    name: str,
    *,
    exit_code: int | None,
    code: int,
    state: int,
    compliance: int | None = None,
    user: str = DEVICE,
    applies: int = 0,
) -> None:
    """The agent's own keys about an app."""
    path = rf"{AGENT}\Win32Apps\{user}\{m.id(name)}_1"
    if exit_code is not None:
        m.key(path, ExitCode=str(exit_code), Intent=3)
    level = compliance if compliance is not None else (1 if code == 0 else 4)
    shown = {"Applicability": applies, "ComplianceState": level, "DesiredState": 2, "ErrorCode": signed(code)}
    m.key(rf"{path}\ComplianceStateMessage", ComplianceStateMessage=compact(shown))
    m.key(
        rf"{path}\EnforcementStateMessage",
        EnforcementStateMessage=compact({"EnforcementState": state, "ErrorCode": signed(code)}),
    )


def app(
    m: Machine,
    t: float,
    name: str,
    exit_code: int = 0,
    *,
    minutes: float = 2.0,
    code: int | None = None,
    found: bool | None = None,
    phase: str = "DeviceSetup",
    keys: bool = True,
) -> None:
    """One app from first look to verdict."""
    result = wrapped(exit_code) if code is None else code
    looks(m, t, name)
    tracked(m, t + 0.1, name, 2, phase=phase)
    loads(m, t + 0.15, name)
    runs(m, t + 0.75, name)
    ended(m, t + minutes, exit_code)
    verdict(m, t + minutes + 0.05, name, result, found=found, phase=phase)
    if keys:
        kept(m, name, exit_code=exit_code, code=result, state=1000 if result == 0 else 5000)


def script(
    m: Machine, t: float, name: str, exit_code: int | None, *, error: str = "", minutes: float = 0.1
) -> None:
    """A platform script in the agent's log and in the executor's."""
    path = rf"C:\Program Files (x86)\Microsoft Intune Management Extension\Policies\Scripts\{DEVICE}_{m.id(name)}.ps1"
    says(
        m,
        t,
        f"[PowerShell] Processing policy with id = {m.id(name)} for user {DEVICE}",
        f"Script file {path} is generated",
        "Launch powershell executor in machine session",
        log="IntuneManagementExtension",
    )
    says(
        m,
        t + 0.01,
        "ExecutorLog AgentExecutor gets invoked",
        f"Adding argument powershell with value {path} to the named argument list.",
        "Prepare to run Powershell Script ..",
        f'cmd line for running powershell is -NoProfile -executionPolicy bypass -file  "{path}"',
        "[Executor] created powershell with process id 7716",
        log="AgentExecutor",
    )
    if exit_code is None:
        return
    word = "successfully executed." if exit_code == 0 else "failed to execute"
    says(
        m,
        t + minutes,
        f"Powershell exit code is {exit_code}",
        "length of out=0",
        f"length of error={len(error)}",
        f"error from script ={error}",
        f"Powershell script is {word}",
        f"write output done. output = , error = {error}",
        log="AgentExecutor",
    )
    result = "Success" if exit_code == 0 else "Failed"
    says(
        m,
        t + minutes + 0.05,
        f"Powershell execution is done, exitCode = {exit_code}",
        f"[PowerShell] User Id = {DEVICE}, Policy id = {m.id(name)}, policy result = {result}",
        log="IntuneManagementExtension",
    )

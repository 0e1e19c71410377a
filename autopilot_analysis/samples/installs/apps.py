"""How one try at a Win32 or store app shows in the agent's logs, in both eras of their wording."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from autopilot_analysis.codes.meaning import HARD_RESTART
from autopilot_analysis.samples.installs.plan import Act
from autopilot_analysis.samples.installs.stage import Stage, compact, shift

_BEFORE, _BETWEEN = 0.1, 0.2
"""Seconds of looking before a download, and between a download and its install."""


def tell_new_app(stage: Stage, act: Act, at: datetime) -> datetime:
    """Tell one try at a Win32 app as agents since 2408 do, in AppWorkload.log; return when it is over."""
    app = stage.apps[act.name]
    if act.outcome == "waiting":
        return _held_back(stage, act, at)
    if act.outcome == "never_started":
        stage.truth(act, app.id, name=act.name, blocking=act.blocking or None)
        stage.finish_app(act, at)
        return at
    stage.line(at, f"[Win32App][V3Processor] Processing subgraph with app ids: {app.id}")
    _detection(stage, act, at, found=False, after=20)
    if act.exit_code is None:
        return _dependency_failed(stage, act, at)
    policy = f"policy with id: {app.id}"
    applies = f"{policy} resulted in action status: Success and applicability state: Applicable."
    stage.line(at, f"[Win32App][ApplicabilityActionHandler] Applicability check for {applies}", after=40)
    loaded = _download(stage, act, shift(at, _BEFORE))
    begun = shift(loaded[1], _BETWEEN) if loaded else shift(at, _BEFORE)
    handler = f"Handler invoked with execution type: Install for {policy} and version: 1"
    stage.line(begun, f"[Win32App][ExecutionActionHandler] {handler}")
    stage.line(begun, f"[Win32App] SetCurrentDirectory: C:\\Windows\\IMECache\\{app.id}_1", after=20)
    stage.line(begun, f"[Win32App] Launch Win32AppInstaller in {stage.session} session", after=40)
    done = shift(begun, act.install)
    _exits(stage, act, done)
    if act.exit_class == HARD_RESTART:
        _report(stage, act, done, "InProgressPendingReboot")
        restart = "A restart is required to continue processing apps. Stop processing."
        stage.line(done, f"[Win32App][V3Processor] {restart}", after=200)
    else:
        _detection(stage, act, done, found=act.outcome == "succeeded", after=100)
        _report(stage, act, done, "Success" if act.outcome == "succeeded" else "Error")
        stage.line(done, "[Win32App][V3Processor] Done processing subgraph.", after=200)
    _truth(stage, act, begun, done, loaded)
    stage.finish_app(act, done)
    return shift(done, 0.2)


def _download(stage: Stage, act: Act, at: datetime) -> tuple[datetime, datetime] | None:
    """Download the content; return both ends, None when it is there already."""
    if not act.download:
        return None
    app = stage.apps[act.name]
    end = shift(at, act.download)
    policy = f"policy with id: {app.id} and version: 1"
    stage.line(at, f"[Win32App][DownloadActionHandler] Handler invoked for {policy}")
    miss = f"app (id = {app.id}, name = {app.name}), start downloading..."
    stage.line(at, f"[Win32App] Content cache miss for {miss}", after=10)
    for part in (1, 2, 3):
        text = f"via DO, bytes {app.size * part // 4}/{app.size} for user {stage.user}"
        stage.progress(
            at + timedelta(milliseconds=20) + (end - at) * part / 4,
            f"[StatusService] Downloading app (id = {app.id}, name {app.name}) {text}",
        )
    stage.line(end, "[Win32App DO] DO download and decryption is successfully done")
    stage.line(end, f"[Win32App] Downloaded file size {app.size}", after=5)
    done = "[Win32App][DownloadActionHandler] Handler completed with action status: Success."
    stage.line(end, done, after=10)
    return at, end


def _exits(stage: Stage, act: Act, at: datetime) -> None:
    """Tell what the installer returned."""
    stage.line(at, "[Win32App] Installation is done, collecting result")
    stage.line(at, f"[Win32App] lpExitCode {act.exit_code}", after=4)
    result = act.exit_code and (0x80070000 | act.exit_code) - 2**32
    stage.line(at, f"[Win32App] hResultFromWin32 {result}", after=5)
    stage.line(at, f"[Win32App] lpExitCode is defined as {act.exit_class}", after=6)


def _detection(stage: Stage, act: Act, at: datetime, *, found: bool, after: float) -> None:
    state = "Detected" if found else "NotDetected"
    text = f"{stage.apps[act.name].id} resulted in action status: Success and detection state: {state}."
    stage.line(at, f"[Win32App][DetectionActionHandler] Detection for policy with id: {text}", after=after)


def _report(stage: Stage, act: Act, at: datetime, state: str) -> None:
    """Report what became of one app."""
    delta: dict[str, object] = {"EnforcementState": {"OldValue": "InProgress", "NewValue": state}}
    if act.code:
        delta["EnforcementErrorCode"] = {"OldValue": None, "NewValue": int(act.code, 16) - 2**32}
    text = f"{stage.apps[act.name].id} has been updated. Report delta: {compact(delta)}"
    stage.line(at, f"[Win32App][ReportingManager] Execution state for app with id: {text}", after=120)
    word = {"Success": "Completed", "Error": "Error"}.get(state)
    if word and act.blocking:
        text = f"from InProgress to {word} for application {stage.apps[act.name].id} with name: {act.name}."
        stage.line(at, f"[Win32App][EspManager] Updating ESP tracked install status {text}", after=140)


def _dependency_failed(stage: Stage, act: Act, at: datetime) -> datetime:
    """Give an app up because what it depends on failed."""
    done = shift(at, 0.1)
    _report(stage, act, shift(done, -0.12), "FailedDependency")
    word = f"from NotInstalled to Error for application {stage.apps[act.name].id} with name: {act.name}."
    stage.line(done, f"[Win32App][EspManager] Updating ESP tracked install status {word}", after=5)
    stage.line(done, "[Win32App][V3Processor] Done processing subgraph.", after=10)
    stage.truth(act, stage.apps[act.name].id, name=act.name, ended_at=done, blocking=act.blocking or None)
    stage.finish_app(act, done)
    return shift(done, 0.1)


def _held_back(stage: Stage, act: Act, at: datetime) -> datetime:
    """Refuse an app for as long as its retry lock holds."""
    app = stage.apps[act.name]
    text = f"App with id: {app.id} to install is in GRS. The app will not be enforced."
    steps = max(1, act.reports - 1)
    moments = [shift(at, act.install * step / steps) for step in range(act.reports)]
    for moment in moments:
        stage.line(moment, f"[Win32App][ActionProcessor] {text}", log="AppActionProcessor")
    key = r"HKEY_LOCAL_MACHINE\software\microsoft\intunemanagementextension\Win32Apps"
    grs = f"{key}\\{stage.user}\\GRS\\ExampleHash="
    stage.story.state.more[grs] = {app.id: f"{moments[0]:%m/%d/%Y %H:%M:%S}"}
    return moments[-1]


def _truth(
    stage: Stage, act: Act, begun: datetime, done: datetime, loaded: tuple[datetime, datetime] | None
) -> None:
    app = stage.apps[act.name]
    stage.truth(
        act,
        app.id,
        name=act.name,
        started_at=begun,
        ended_at=done,
        loaded=loaded,
        counted=app.size if loaded else None,
        blocking=act.blocking or None,
    )


def tell_classic_app(stage: Stage, act: Act, at: datetime) -> datetime:
    """Tell one try at a Win32 app as agents before 2408 do, in their one log; return when it is over."""
    app = stage.apps[act.name]
    again = any(row.item == app.id for row in stage.story.installs)
    loaded = None
    if not again:
        stage.line(at, f"[Win32App] ProcessAppWithDependencies starts for {app.id} with name {app.name}")
        stage.line(at, f"[Win32App] ===Step=== Start to Present app {app.id}", after=10)
        _old_detection(stage, at, found=False, after=20)
        loaded = _old_download(stage, act, shift(at, _BEFORE))
    begun = shift(loaded[1] if loaded else at, _BETWEEN)
    stage.line(begun, f"[Win32App] ===Step=== Execute retry {int(again)}")
    stage.line(begun, f"[Win32App] SetCurrentDirectory: C:\\Windows\\IMECache\\{app.id}_1", after=20)
    stage.line(begun, f"[Win32App] Launch Win32AppInstaller in {stage.session} session", after=40)
    done = shift(begun, act.install)
    _exits(stage, act, done)
    if act.exit_class != "Retry":
        good = act.outcome == "succeeded"
        _old_detection(stage, done, found=good, after=100)
        stage.line(
            done, f"[Win32App] Setting enforcementState as: {'Success' if good else 'Error'}", after=120
        )
        word = "Completed" if good else "Error"
        stage.line(done, f"[Win32App] Set ESP win32App state {word} for {app.id}", after=140)
    _truth(stage, act, begun, done, loaded)
    stage.finish_app(act, done)
    return shift(done, 0.2)


def _old_detection(stage: Stage, at: datetime, *, found: bool, after: float) -> None:
    text = f"SideCarFileDetectionManager, applicationDetectedByCurrentRule: {found}"
    stage.line(at, f"[Win32App] Completed detectionManager {text}", after=after)


def _old_download(stage: Stage, act: Act, at: datetime) -> tuple[datetime, datetime] | None:
    if not act.download:
        return None
    app = stage.apps[act.name]
    end = shift(at, act.download)
    stage.line(at, f"[Win32App] Downloading app on session 0. App: {app.id}")
    text = {
        "FileId": f"0f0e0d0c-0b0a-4909-8807-060504030201-intunewin-bin_{app.id}_1",
        "FileSize": app.size,
        "TotalBytesDownloaded": app.size,
        "BytesFromPeers": app.size // 4,
        "BytesFromHttp": app.size - app.size // 4,
        "DownloadDuration": "00:00:04",
    }
    stage.line(end, f"[DO TEL] = {compact(text)}")
    return at, end


def tell_store_app(stage: Stage, act: Act, at: datetime) -> datetime:
    """Tell one try at a store app through WinGet, in AppWorkload.log; return when it is over."""
    app = stage.apps[act.name]
    text = f"app with id: {app.id}"
    stage.line(at, f"[Win32App][V3Processor] Processing subgraph with app ids: {app.id}")
    begun = shift(at, _BEFORE)
    executor = "[Win32App][WinGetApp][WinGetAppExecutionExecutor]"
    stage.line(begun, f"{executor} Starting execution of {text} and context: SystemContext.")
    loaded = shift(begun, act.download)
    progress = f"Processing Progress for app = {app.id} and user = {stage.user}"
    phase = f"[WinGetMessageProcessor] {progress} - Operation Phase ="
    stage.line(begun, f"{phase} Downloading", after=10)
    size = f"bytes {app.size}/{app.size} for user {stage.user}"
    stage.line(loaded, f"[StatusService] Downloading app (id = {app.id}, name {app.name}) via WinGet, {size}")
    start = shift(loaded, _BETWEEN)
    stage.line(start, f"{phase} Installing")
    done = shift(start, act.install)
    word = "Ok" if act.outcome == "succeeded" else "InstallError"
    result = f"WinGet operation result:   Operation result =  {word}  Version = 1"
    stage.line(done, f"{executor} Completed execution for {text}. {result}")
    _report(stage, act, done, "Success" if act.outcome == "succeeded" else "Error")
    stage.line(done, "[Win32App][V3Processor] Done processing subgraph.", after=200)
    stage.truth(
        replace(act, exit_code=None),
        app.id,
        name=act.name,
        started_at=start,
        ended_at=done,
        loaded=(begun, loaded),
        counted=app.size,
        blocking=act.blocking or None,
    )
    stage.finish_app(act, done)
    return shift(done, 0.2)

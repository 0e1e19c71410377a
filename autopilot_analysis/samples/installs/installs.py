"""How apps install: lines of AppWorkload.log and events of the Autopilot channel, one app after the other."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.samples.device.device import App
from autopilot_analysis.samples.device.story import AppRun, Story, fields
from autopilot_analysis.samples.formats.event_values import Hex32

NOT_DETECTED = 0x87D1041C
_LOG = "AppWorkload"
_STATES = {"NotInstalled": 1, "InProgress": 2, "Completed": 3, "Error": 4}


def tell_apps(story: Story, start: datetime, end: datetime, phase: str, how: str = "") -> None:
    """Tell how the apps of a phase install one after the other between two instants.

    Args:
        story: The story so far.
        start: When the agent begins.
        end: When the phase ends.
        phase: device or account.
        how: "hang": the last app never returns; "undetected": the last app is not found after it installed;
            "again": every app is already there.
    """
    teller = _Teller(story, phase)
    teller.plan(start)
    if how == "again":
        teller.find_all(start)
        return
    begin, last = start + timedelta(seconds=4), len(teller.apps) - 1
    share = (
        min((end - begin) / 8, timedelta(minutes=5)) if how == "hang" else (end - begin) / len(teller.apps)
    )
    for number, app in enumerate(teller.apps):
        from_, to = begin + number * share, begin + (number + 1) * share - timedelta(seconds=2)
        if number == last and how == "hang":
            teller.hang(app, from_, end)
        else:
            teller.install(app, from_, to, found=number != last or how != "undetected")


class _Teller:
    """Tells the installs of one phase."""

    def __init__(self, story: Story, phase: str) -> None:
        account = phase == "account"
        self.story = story
        self.phase = phase
        self.apps = story.device.user_apps if account else story.device.device_apps
        self.user = story.device.user_id if account else EMPTY_ID
        self.session = "user" if account else "machine"
        self.esp = "AccountSetup" if account else "DeviceSetup"
        self.shows_esp = story.scenario.mode != "device_preparation"

    def line(self, at: datetime, message: str, after: float = 0) -> None:
        self.story.log(_LOG, at, message, after=after)

    def plan(self, at: datetime) -> None:
        """Receive the policies and register the apps that the ESP tracks."""
        kind = 1 if self.phase == "account" else 2
        apps = [
            {"Id": a.id, "Name": a.name, "Version": 1, "Intent": 3, "TargetType": kind} for a in self.apps
        ]
        self.line(at, f"[Win32App] Got {len(apps)} Win32App(s) for user {self.user} in session 0")
        self.line(at, f"Get policies = {json.dumps(apps, separators=(',', ':'))}", after=20)
        for app in self.apps if self.shows_esp else ():
            text = f"App {app.id} has been registered as a tracked app. App name: {app.name}"
            self.line(at, f"[Win32App][EspManager] In EspPhase: {self.esp}. {text}", after=60)

    def find_all(self, at: datetime) -> None:
        """Find every app in place."""
        for number, app in enumerate(self.apps, start=1):
            then = at + timedelta(seconds=2 * number)
            self.detect(app, then, after=0, found=True)
            nothing = f"[Win32App][ActionProcessor] No action required for app with id: {app.id}."
            self.story.log("AppActionProcessor", then, nothing, after=300)
            self.track(app, then, "InProgress", "Completed", after=500)
            self.story.event("AP", 296, then, _tracked(app), after=600)

    def install(self, app: App, start: datetime, end: datetime, *, found: bool) -> None:
        """Download, install and look for one app."""
        self.launch(app, self.download(app, start, start + (end - start) * 2 / 5))
        done = end - timedelta(seconds=1)
        self.line(done, "[Win32App] Installation is done, collecting result")
        self.line(done, "[Win32App] lpExitCode 0", after=4)
        self.line(done, "[Win32App] hResultFromWin32 0", after=5)
        self.line(done, "[Win32App] lpExitCode is defined as Success", after=6)
        self.detect(app, done, after=300, found=found)
        self.report(app, done, found=found)
        self.track(app, done, "InProgress", "Completed" if found else "Error", after=340)
        code = 0 if found else NOT_DETECTED
        if found:
            self.story.event("AP", 296, done, _tracked(app), after=400)
        else:
            self.story.event("AP", 298, done, fields(_tracked(app), {"HRESULT": Hex32(code)}), after=400)
        self.story.state.runs.append(AppRun(app, self.phase, 3 if found else 4, done, code))

    def hang(self, app: App, start: datetime, end: datetime) -> None:
        """Download one app and start its installer, which never returns."""
        self.launch(app, self.download(app, start, start + timedelta(seconds=90)))
        self.story.state.runs.append(AppRun(app, self.phase, 2, end))

    def download(self, app: App, start: datetime, end: datetime) -> datetime:
        """Check and download one app; return the end of the download."""
        policy = f"policy with id: {app.id}"
        applies = f"{policy} resulted in action status: Success and applicability state: Applicable."
        miss = f"app (id = {app.id}, name {app.name}), start downloading..."
        self.line(start, f"[Win32App][V3Processor] Processing subgraph with app ids: {app.id}")
        self.detect(app, start, after=200, found=False)
        self.line(
            start, f"[Win32App][ApplicabilityActionHandler] Applicability check for {applies}", after=320
        )
        self.line(
            start, f"[Win32App][DownloadActionHandler] Handler invoked for {policy} and version: 1", after=400
        )
        self.track(app, start, "NotInstalled", "InProgress", after=420)
        self.line(start, f"[Win32App] Content cache miss for {miss}", after=500)
        span = end - start - timedelta(seconds=1)
        for part in (1, 2, 3, 4):
            text = f"via DO, bytes {app.size * part // 4}/{app.size} for user {self.user}"
            at = start + timedelta(milliseconds=700) + span * part / 4
            self.line(at, f"[StatusService] Downloading app (id = {app.id}, name {app.name}) {text}")
        self.line(end, "[Win32App DO] DO download and decryption is successfully done", after=60)
        self.line(end, f"[Win32App] Downloaded file size {app.size}", after=70)
        done = "[Win32App][DownloadActionHandler] Handler completed with action status: Success."
        self.line(end, done, after=90)
        return end

    def launch(self, app: App, at: datetime) -> None:
        """Start one app's installer."""
        handler = f"Handler invoked with execution type: Install for policy with id: {app.id}"
        self.line(at, f"[Win32App][ExecutionActionHandler] {handler}", after=200)
        self.line(at, f"[Win32App] SetCurrentDirectory: C:\\Windows\\IMECache\\{app.id}_1", after=240)
        self.line(at, f"[Win32App] Launch Win32AppInstaller in {self.session} session", after=260)

    def detect(self, app: App, at: datetime, *, after: float, found: bool) -> None:
        """Say whether one app is found."""
        state = "Detected" if found else "NotDetected"
        text = f"{app.id} resulted in action status: Success and detection state: {state}."
        self.line(at, f"[Win32App][DetectionActionHandler] Detection for policy with id: {text}", after=after)

    def report(self, app: App, at: datetime, *, found: bool) -> None:
        """Report what became of one app."""
        delta: dict[str, object] = {"EnforcementState": {"OldValue": "InProgress", "NewValue": "Success"}}
        if not found:
            delta["EnforcementState"] = {"OldValue": "InProgress", "NewValue": "Error"}
            delta["EnforcementErrorCode"] = {"OldValue": None, "NewValue": NOT_DETECTED - 2**32}
        text = f"{app.id} has been updated. Report delta: {json.dumps(delta, separators=(',', ':'))}"
        self.line(at, f"[Win32App][ReportingManager] Execution state for app with id: {text}", after=320)

    def track(self, app: App, at: datetime, old: str, new: str, *, after: float) -> None:
        """Move one app's row on the ESP."""
        if not self.shows_esp:
            return
        text = f"from {old} to {new} for application {app.id} with name: {app.name}."
        self.line(at, f"[Win32App][EspManager] Updating ESP tracked install status {text}", after=after)
        uri = "./Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps/PolicyProviders/Sidecar/TrackingPolicies"
        entry = {f"{uri}/Win32App_{app.id}_1": _STATES[new]}
        self.story.state.tracked.append((at + timedelta(milliseconds=after), "Sidecar", entry))


def _tracked(app: App) -> dict[str, str]:
    return {"Message1": "Sidecar", "Message2": f"Win32App_{app.id}_1"}

"""How the agent evaluates and installs an app: the pipeline with reports, and the older one with steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from agent_device.app import App
from agent_device.records import ACTIONS, IME, WORKLOAD, Flow, Record
from agent_device.scripts import ERRORS, OUTPUTS, Policy, Run, rule_script, seconds
from agent_device.truth import Try, Within, between, one_of, timed

NAMES_OF_RULE = {"registry": "Registry", "msi": "ProductCode", "file": "File"}
FAILED_CODES = {1603: -2147023293, 1: -2147024895, 1612: -2147023284, 1602: -2147023294, 17002: -2147007894}
NOT_DETECTED = -2016345060
CONTENT_FAILED = -2016214839
BUSY = -2147023278


@dataclass(frozen=True)
class Era:
    """A span of builds with one wording."""

    name: str
    v3: bool
    own_log: bool
    doubled_quotes: bool
    telemetry: bool
    newer: bool
    builds: tuple[str, ...]
    years: tuple[tuple[int, int, int], tuple[int, int, int]]
    next: str | None = None


ERAS = (
    Era(
        name="steps",
        builds=("1.58.103.0", "1.63.101.0"),
        years=((2022, 5, 1), (2022, 9, 1)),
        v3=False,
        own_log=False,
        doubled_quotes=True,
        telemetry=True,
        newer=False,
    ),
    Era(
        name="reports",
        builds=("1.72.105.0", "1.79.165.0"),
        years=((2023, 11, 10), (2024, 2, 20)),
        v3=True,
        own_log=False,
        doubled_quotes=True,
        telemetry=True,
        newer=False,
        next="split",
    ),
    Era(
        name="split",
        builds=("1.83.107.0", "1.93.102.0"),
        years=((2024, 11, 10), (2025, 9, 1)),
        v3=True,
        own_log=True,
        doubled_quotes=True,
        telemetry=True,
        newer=False,
        next="recent",
    ),
    Era(
        name="recent",
        builds=("1.101.105.0", "1.104.102.0"),
        years=((2026, 4, 5), (2026, 9, 1)),
        v3=True,
        own_log=True,
        doubled_quotes=False,
        telemetry=False,
        newer=True,
    ),
)
STAMPS = (
    "{0.month}/{0.day}/{0.year} {1}:{0:%M:%S %p}",
    "{0:%d.%m.%Y %H:%M:%S}",
    "{0:%d/%m/%Y %H:%M:%S}",
    "{0:%Y-%m-%d %H:%M:%S}",
)


@dataclass
class Agent:
    flow: Flow
    era: Era
    chance: Random
    user: str
    new_id: Callable[[], str]
    checks: list[Try] = field(default_factory=list)
    stopped: bool = False
    stamp: str = STAMPS[0]
    hash: str = "A" * 43 + "="

    def say(self, message: str, *, severity: int = 1) -> Record:
        return self.flow.say(WORKLOAD, message, severity=severity)

    def delta(self, app: App, state: str, changes: dict[str, tuple[object, object]]) -> Record:
        text = json.dumps(
            {name: {"OldValue": old, "NewValue": new} for name, (old, new) in changes.items()},
            separators=(",", ":"),
        )
        if self.era.doubled_quotes:
            text = text.replace('"', '""')
        head = f"[Win32App][ReportingManager] {state} state for app with id: {app.item} has been updated."
        return self.say(f"{head} Report delta: {text}")

    # What the agent finds

    def detect(self, app: App, *, detected: bool) -> list[Record]:
        """Run the app's detection; return the records that prove what it found."""
        policy = Policy(app.item, app.revision, self.user, app.as_user)
        if self.era.v3:
            self.say("[Win32App][DetectionActionHandler] Handler invoked for 1 app detections.")
            self.say(f"[Win32App][DetectionActionHandler] Detection running for policy with id: {app.item}.")
        if app.winget:
            self.find_package(app, detected=detected)
        else:
            self.say("[Win32App] ProcessDetectionRules starts")
            verdict = self.apply_rule(app, policy, detected=detected)
            if not self.era.v3:
                app.detected = detected
                return [verdict]
        word = "Detected" if detected else "NotDetected"
        found = self.say(
            f"[Win32App][DetectionActionHandler] Detection for policy with id: {app.item} resulted in "
            f"action status: Success and detection state: {word}."
        )
        self.say("[Win32App][DetectionActionHandler] Handler completed.")
        app.detected = detected
        return [found]

    def find_package(self, app: App, *, detected: bool) -> None:
        detector = "[Win32App][WinGetApp][WinGetAppDetectionExecutor]"
        context = "UserContext" if app.as_user else "SystemContext"
        first = self.say(f"{detector} Starting detection of app with id: {app.item} and context: {context}.")
        app.typed.append(first)
        self.flow.wait(self.chance.uniform(0.5, 3))
        result = "Ok" if detected else "NotDetected"
        self.say(f"[WinGet] Detection Operation result has arrived {result}.")
        installed = app.identity if detected else ""
        self.say(
            f"{detector} Completed detection for app with id: {app.item}. WinGet operation result:\n"
            f"Operation result = {result}\nInstalled version = {installed}"
        )

    def apply_rule(self, app: App, policy: Policy, *, detected: bool) -> Record:
        kind = {"registry": 0, "msi": 1, "file": 2, "script": 3}[app.rule]
        self.say(f"[Win32App] DetectionType {kind}")
        if app.rule == "script":
            silent = not detected and self.chance.random() < 0.5
            run = Run(exit_code=0 if detected or silent else 1, seconds=seconds(self.chance))
            run.output = self.chance.choice(OUTPUTS) if detected else ""
            if not detected and not silent and self.chance.random() < 0.3:
                run.error = self.chance.choice(ERRORS)
            self.checks.append(rule_script(self.flow, policy, run, requirement=False))
            return self.flow.records[-1]
        manager = f"SideCar{NAMES_OF_RULE[app.rule]}DetectionManager"
        self.say(f"[Win32App] Start detectionManager {manager}")
        as_whom = "user" if app.as_user else "system"
        verdict = f"applicationDetectedByCurrentRule: {detected}"
        self.say(f"[Win32App] detectionManager {manager} got {verdict} as {as_whom}")
        return self.say(f"[Win32App] Completed detectionManager {manager}, {verdict}")

    def check_applicability(self, app: App, *, applicable: bool) -> None:
        if app.behaviour == "requirement":
            run = Run(output="", seconds=seconds(self.chance))
            policy = Policy(app.item, app.revision, self.user, app.as_user)
            self.say("[Win32App] ProcessRequirementRules starts")
            self.checks.append(rule_script(self.flow, policy, run, requirement=True))
        app.applicability = 0 if applicable else 1008 if app.behaviour == "requirement" else 1001
        handler = "[Win32App][ApplicabilityActionHandler]"
        self.say(f"{handler} Handler invoked for 1 app applicability checks.")
        word = "Applicable" if applicable else "NotApplicable"
        self.say(
            f"{handler} Applicability check for policy with id: {app.item} resulted in action status: "
            f"Success and applicability state: {word}."
        )
        self.say(f"{handler} Handler completed.")
        if app.behaviour == "requirement" and not app.known:
            self.delta(app, "Applicability", {"ApplicabilityState": (None, "ScriptRequirementRuleNotMet")})

    def project(self, app: App, *, expired: bool = True) -> list[Record]:
        """Write what the action processor plans for it."""
        intent = {0: "RequiredInstall", 1: "AvailableInstall", 4: "RequiredUninstall"}.get(
            app.intent, "RequiredInstall"
        )
        detection = "Detected" if app.detected else "NotDetected"
        applicable = "Applicable" if app.applicability in {0, None} else "ScriptRequirementRuleNotMet"
        desired = "NotPresent" if app.intent == 4 else "Present"
        plan = self.flow.say(
            ACTIONS,
            f"[Win32App][ActionProcessor] App with id: {app.item}, targeted intent: {intent}, and "
            "enforceability: Enforceable has projected enforcement classification: EnforcementPoint with "
            f"desired state: {desired}. Current state is:\nDetection = {detection}\n"
            f"Applicability =  {applicable}\nReboot = Clean\n"
            f"Local start time = 1/1/0001 12:00:00 AM\nLocal deadline time = 1/1/0001 12:00:00 AM\n"
            f"GRS expired = {expired}",
        )
        return [plan]

    def no_action(self, app: App) -> None:
        self.flow.say(ACTIONS, f"[Win32App][ActionProcessor] No action required for app with id: {app.item}.")

    # The retry lock

    def read_lock(self, app: App) -> bool:
        """Write what the retry lock says; return whether the app may be tried."""
        key = f"{self.user}\\GRS\\{self.hash}\\"
        self.say(f"[Win32App][GRSManager] Reading GRS values from storage path: {key}.")
        manager = f"[Win32App][GRSManager] App with id: {app.item}"
        if app.tried_at is None:
            note = "has no recorded GRS value which will be treated as expired."
            self.say(f"{manager} {note}\nHash = {self.hash}")
            return True
        expired = (self.flow.at - app.tried_at).total_seconds() > 86400
        value = f"{app.tried_at:%m/%d/%Y %H:%M:%S}"
        found = self.say(f"[Win32App][GRSManager] Found GRS value: {value} at key {key}{app.item}.")
        local = self.stamp.format(app.tried_at, app.tried_at.hour % 12 or 12)
        word = "is expired." if expired else "is not expired."
        closed = self.say(f"{manager} {word}\nHash = {self.hash}\nGRSTimeUTC = {local}")
        if not expired:
            app.retry_marks += [found, closed]
        return expired

    def save_lock(self, app: App, begun: Within) -> None:
        app.tried_at = begun.low.replace(microsecond=0)  # type: ignore[union-attr, call-arg]
        value = f"{app.tried_at:%m/%d/%Y %H:%M:%S}"
        self.say("[Win32App][GRSManager] Saving GRS values to storage.")
        path = f"{self.user}\\GRS\\{self.hash}\\{app.item}"
        app.retry_marks = [self.say(f"[Win32App][GRSManager] Saved GRS value: {value} to path: {path}")]

    # The download

    def download(self, app: App, *, outcome: str = "done") -> tuple[dict[str, object], list[Record]]:
        """Write a download; return its columns of the truth and the records they rest on."""
        handler = "[Win32App][DownloadActionHandler] Handler invoked for policy with id:"
        asked = self.say(f"{handler} {app.item} and version: {app.revision}")
        self.say(f"[Win32App] Downloading app on session 1. App: {app.item}")
        self.say("Get content info from Intune")
        if outcome == "no_content":
            lost = self.say("[Win32App] Didn't get content info from service", severity=3)
            return {}, [lost]
        shown = f"name {app.name}" if self.era.newer else f"name = {app.name}"
        first = self.say(
            f"[Win32App] Content cache miss for app (id = {app.item}, {shown}), start downloading..."
        )
        app.named.append(first)
        file = f"{app.item[:8]}.intunewin-bin_{app.item}_{app.revision}"
        second = self.say(f"[Win32App DO] start creating a new download job, FileId = {file}")
        share = 1.0 if outcome in {"done", "decrypt"} else self.chance.uniform(0.05, 0.8)
        last = second
        steps = self.chance.randrange(3, 9)
        for step in range(1, steps + 1):
            self.flow.wait(self.chance.uniform(1, 12))
            got = int(app.size * share * step / steps)
            last = self.say(
                f"[StatusService] Downloading app (id = {app.item}, name {app.name}) via DO, "
                f"bytes {got}/{app.size} for user {self.user}"
            )
            app.named.append(last)
        columns: dict[str, object] = {"download_started_at": between(asked, second)}
        if outcome == "timeout":
            self.flow.wait(600)
            lost = self.say(
                f"[Win32App DO] DO download is not finished within the timeout, file {file}", severity=3
            )
            return columns, [first, second, lost]
        self.flow.wait(self.chance.uniform(0.2, 1.5))
        if outcome == "decrypt":
            lost = self.say(f"[Win32App] Decryption is failed for appId {app.item}", severity=3)
            return columns, [first, second, lost]
        if self.era.telemetry:
            self.say("[Win32App] [DO TEL] = " + self.telemetry(app, file))
        end = self.say("[Win32App DO] DO download and decryption is successfully done")
        self.say(f"[Win32App] Downloaded file size {app.size}")
        if self.era.v3:
            end = self.delta(
                app, "Download", {"EnforcementState": ("InProgress", "InProgressDownloadCompleted")}
            )
        columns |= {"download_ended_at": between(last, end), "downloaded_bytes": app.size}
        return columns, [first, second, last, end]

    def telemetry(self, app: App, file: str) -> str:
        peers = int(app.size * self.chance.choice((0, 0, 0.3, 0.8)))
        return json.dumps(
            {
                "FileId": file,
                "FileSize": app.size,
                "TotalBytesDownloaded": app.size,
                "BytesFromPeers": peers,
                "PercentPeerCaching": 100 * peers // app.size,
                "BytesFromHttp": app.size - peers,
                "BytesFromLanPeers": peers,
                "BytesFromGroupPeers": 0,
                "BytesFromInternetPeers": 0,
                "BytesFromLinkLocalPeers": 0,
                "BytesFromCacheServer": 0,
                "CacheHost": "",
                "DownloadMode": 1,
                "DownloadDuration": "00:00:31.2000000",
            }
        )

    # The installer

    def launch(self, app: App, execution: str) -> list[Record]:
        if self.era.v3:
            first = self.say(
                f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: {execution} "
                f"for policy with id: {app.item} and version {app.revision}."
            )
        else:
            first = self.say("[Win32App] ===Step=== ExecuteWithRetry")
        behaviour = f"InstallBehavior RegularWin32App, Intent {app.intent}"
        self.say(f"[Win32App] ===Step=== {behaviour}, UninstallCommandLine setup.exe /uninstall")
        self.say(f"[Win32App] SetCurrentDirectory: C:\\Windows\\IMECache\\{app.item}_{app.revision}")
        session = self.say(f"[Win32App] Launch Win32AppInstaller in {app.session} session")
        self.say("[Win32App] Create installer process successfully.")
        process = self.say(f"[Win32App] process id = {self.chance.randrange(1000, 20000)}")
        return [first, session, process]

    def collect(self, app: App, exit_code: int, known: str | None) -> list[Record]:
        """Write what the installer gave back; `known` is the class its return code is mapped to."""
        self.say("[Win32App] Installation is done, collecting result")
        code = self.say(f"[Win32App] lpExitCode {exit_code}")
        hresult = FAILED_CODES.get(exit_code, BUSY if exit_code == 1618 else 0)
        if exit_code not in {0, 3010, 1641, 1618} and exit_code not in FAILED_CODES:
            hresult = -2147024896 + exit_code
        result = self.say(f"[Win32App] hResultFromWin32 {hresult}")
        if known is None:
            last = self.say(
                f"[Win32App] Admin did NOT set mapping for lpExitCode: {exit_code} of app: {app.item}"
            )
        else:
            last = self.say(f"[Win32App] lpExitCode is defined as {known}")
        return [code, result, last]


def spell(code: int) -> str:
    return f"0x{code & 0xFFFFFFFF:08X}"


def base(app: App, launched: list[Record], columns: dict[str, object]) -> dict[str, object]:
    return {
        "version": app.version(),
        "context": app.context,
        "detected_before": app.intent == 4,
        "started_at": between(launched[0], launched[-1]),
        **columns,
    }


def succeed(fields: dict[str, object], ended: Within, exit_code: int, *, installs: bool = True) -> None:
    started: Within = fields["started_at"]  # type: ignore[assignment]
    fields |= timed(started, ended)
    fields |= {"outcome": "succeeded", "code": one_of(None, "", "0x00000000"), "exit_code": exit_code}
    fields["detected_after"] = installs


def restart_marks(flow: Flow, build: str) -> Record:
    """Write a start of the agent's service."""
    first = flow.say(IME, "EMS Agent Started")
    flow.say(IME, "RecycleScripts = True")
    flow.say(IME, f"Agent version is: {build}")
    flow.say(IME, '[OnStart](Agent Started) {"Message":"Agent Started in OnStart"}')
    return first

"""Where acts of installing are told: the logs of an era, the registry at the end, and the rows of truth."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.samples.device.device import App
from autopilot_analysis.samples.device.story import AppRun, Story
from autopilot_analysis.samples.formats.ime_log import AGENT, LogRecord
from autopilot_analysis.samples.installs.plan import Act, InstallPlan
from autopilot_analysis.samples.truth import InstallTruth

_SIDECAR = "./Vendor/MSFT/EnrollmentStatusTracking/Setup/Apps/PolicyProviders/Sidecar/TrackingPolicies"
_STATES = {"succeeded": 3, "failed": 4, "not_detected": 4, "unfinished": 2, "never_started": 1}


@dataclass
class Stage:
    """One phase that is being told.

    Attributes:
        story: The story so far.
        phase: device or account.
        plan: What is installed.
        apps: The app, or what stands for one, of each item by name.
    """

    story: Story
    phase: str
    plan: InstallPlan
    apps: Mapping[str, App]
    _tries: Counter[str] = field(default_factory=Counter)
    _progress: int = 0

    @property
    def user(self) -> str:
        """The user that the agent works for."""
        return self.story.device.user_id if self.phase == "account" else EMPTY_ID

    @property
    def session(self) -> str:
        """Where installers run."""
        return "user" if self.phase == "account" else "machine"

    @property
    def esp(self) -> str:
        """How the agent names the phase."""
        return "AccountSetup" if self.phase == "account" else "DeviceSetup"

    @property
    def log(self) -> str:
        """Which log tells of apps."""
        return "AppWorkload" if self.plan.era == "new" else AGENT

    def line(
        self,
        at: datetime,
        message: str,
        *,
        after: float = 0,
        log: str = "",
        zone: str = "",
        severity: int = 1,
    ) -> None:
        """Write one line, `after` milliseconds after an instant."""
        record = LogRecord(
            at + timedelta(milliseconds=after), message, severity, zone=ZoneInfo(zone) if zone else None
        )
        self.story.logs[log or self.log].append(record)

    def progress(self, at: datetime, message: str) -> None:
        """Write one line of progress; in a torn log every third is cut off by the next writer."""
        self._progress += 1
        torn = 60 if self.plan.torn and self._progress % 3 == 2 else None
        self.story.logs[self.log].append(LogRecord(at, message, torn=torn))

    def track(self, name: str, at: datetime, state: int) -> None:
        """Move one app's row on the status page."""
        entry = {f"{_SIDECAR}/Win32App_{self.apps[name].id}_1": state}
        self.story.state.tracked.append((at + timedelta(milliseconds=140), "Sidecar", entry))

    def expect(self, category: str, uri: str, at: datetime, state: int) -> None:
        """Write one state of an expected item into the status page's history."""
        self.story.state.tracked.append((at, category, {uri: state}))

    def finish_app(self, act: Act, at: datetime) -> None:
        """Leave in the registry what became of one app."""
        runs = self.story.state.runs
        runs[:] = [run for run in runs if run.app.id != self.apps[act.name].id]
        state = _STATES[act.outcome]
        if act.blocking:
            self.track(act.name, at, state)
        code = int(act.code or "0", 16)
        runs.append(AppRun(self.apps[act.name], self.phase, state, at, code, tracked=act.blocking))

    def truth(
        self,
        act: Act,
        item: str,
        *,
        name: str | None,
        started_at: datetime | None = None,
        ended_at: datetime | None = None,
        loaded: tuple[datetime, datetime] | None = None,
        counted: int | None = None,
        blocking: bool | None = None,
        phase: str | None = None,
    ) -> None:
        """Add one row of truth."""
        self._tries[item] += 1
        number = self._tries[item]
        begun, done = loaded or (None, None)
        row = InstallTruth(
            item,
            name,
            act.kind,
            phase or self.phase,
            number,
            blocking,
            counted,
            begun,
            done,
            started_at,
            ended_at,
            act.outcome,
            act.exit_code,
            act.code,
        )
        self.story.installs.append(row)


def shift(at: datetime, seconds: float) -> datetime:
    """Return an instant some seconds later."""
    return at + timedelta(seconds=seconds)


def compact(value: object) -> str:
    """Return a value as JSON without blanks."""
    return json.dumps(value, separators=(",", ":"))

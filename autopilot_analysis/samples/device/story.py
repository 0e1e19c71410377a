"""A story being told: the stages of a scenario become events, log lines and truth, all on one true clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from autopilot_analysis.facts.mark_events import events_of_marks
from autopilot_analysis.samples.device.device import App, Device
from autopilot_analysis.samples.formats.channels import CHANNELS, RELEASES, SYSTEM_PROVIDERS, exists
from autopilot_analysis.samples.formats.event_log import EventRecord
from autopilot_analysis.samples.formats.event_values import Hex32, Value
from autopilot_analysis.samples.formats.ime_log import LogRecord
from autopilot_analysis.samples.formats.registry_dump import RegistryValue
from autopilot_analysis.samples.installs.plan import InstallPlan
from autopilot_analysis.samples.truth import InstallTruth, StageTruth

SYSTEM_SID = "S-1-5-18"
Data = Mapping[str, Value | Sequence[str]]
"""Fields of an event by name."""


def ids_of(*marks: str) -> list[int]:
    """Return the ids of the events that begin or end a stage, the first of each mark, each id once.

    Args:
        marks: Names of facts/stages.csv.
    """
    first = events_of_marks(marks).unique("mark", keep="first", maintain_order=True)
    return list(dict.fromkeys(first["event_id"]))


def fields(*parts: Data) -> Data:
    """Return the fields of all parts, in their order."""
    return {name: value for part in parts for name, value in part.items()}


@dataclass(frozen=True)
class Step:
    """One stage as a scenario asks for it.

    Attributes:
        stage: A stage of `tables.STAGES`.
        seconds: Shortest and longest duration; (0, 0) for a skipped stage.
        outcome: How it ends.
        code: Result code of a failed stage.
        cause: Short word for the root cause.
        how: What is special about it; the teller of the stage knows the words.
        inside: Stages that run within it.
    """

    stage: str
    seconds: tuple[int, int] = (0, 0)
    outcome: str = "succeeded"
    code: str | None = None
    cause: str | None = None
    how: str = ""
    inside: tuple[Step, ...] = ()

    @property
    def result(self) -> Hex32:
        """The result code as events carry it."""
        return Hex32(int(self.code or "0", 16))


@dataclass(frozen=True)
class Scenario:
    """A small declarative timeline from which every member of an export is derived.

    Attributes:
        name: Its id.
        description: One line on what happens.
        mode: user_driven, self_deploying, pre_provisioning, existing_device, hybrid, reset,
            device_preparation or not_autopilot.
        attempts: The stages of each attempt, in order.
        between: What separates attempts: "", reboot, unjoin or reseal.
        pause: Shortest and longest seconds between attempts.
        build: Build the story needs; drawn when None.
        clock_error: How far the device's clock is wrong until the profile is downloaded.
        plan: What is installed, act by act; None for a few apps that fill their phase evenly.
        traced: Whether the collector took the trace of OOBE's pages.
    """

    name: str
    description: str
    mode: str
    attempts: tuple[tuple[Step, ...], ...]
    between: str = ""
    pause: tuple[int, int] = (60, 300)
    build: str | None = None
    clock_error: timedelta = timedelta(0)
    plan: InstallPlan | None = None
    traced: bool = False


@dataclass(frozen=True)
class AppRun:
    """How one app fared: 3 completed, 4 error, 2 in progress, 1 not installed; is it on the status page."""

    app: App
    phase: str
    state: int
    ended_at: datetime
    code: int = 0
    tracked: bool = True


@dataclass
class State:
    """What the device holds in the end; the registry and the reports are written from it."""

    profile: str = "none"
    joined: bool = False
    enrolled: bool = False
    domain_joined: bool = False
    categories: dict[str, str] = field(default_factory=dict)
    runs: list[AppRun] = field(default_factory=list)
    tracked: list[tuple[datetime, str, dict[str, int]]] = field(default_factory=list)
    profile_at: datetime | None = None
    enrolled_at: datetime | None = None
    bootstrapper: bool = False
    user_phase: bool = False
    more: dict[str, dict[str, RegistryValue]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Happening:
    """One event on the true clock."""

    at: datetime
    order: int
    event_id: int
    data: Data
    computer: str
    user_sid: str
    opcode: int
    error: timedelta


class Story:
    """Everything one device lives through; tellers add to it."""

    def __init__(self, device: Device, scenario: Scenario, random: Random) -> None:
        self.device = device
        self.scenario = scenario
        self.random = random
        self.now = device.started_at
        self.attempt = 1
        self.computer = device.first_name
        self.clock_error = scenario.clock_error
        self.state = State()
        self.rows: list[StageTruth] = []
        self.installs: list[InstallTruth] = []
        self.logs: dict[str, list[LogRecord]] = defaultdict(list)
        self._happenings: dict[str, list[_Happening]] = defaultdict(list)
        self._count = 0

    def end_of(self, step: Step, start: datetime) -> datetime:
        """Draw when a stage that began at `start` ends, so that companions fit into the same second."""
        end = start + timedelta(seconds=self.random.randint(*step.seconds))
        return end.replace(microsecond=self.random.randrange(200_000, 600_000, 1000))

    def event(
        self,
        channel: str,
        event_id: int,
        at: datetime,
        data: Data | None = None,
        *,
        after: float = 0,
        user_sid: str = SYSTEM_SID,
        opcode: int = 0,
    ) -> None:
        """Add one event, if the device's build can write it.

        Args:
            channel: Short name in CHANNELS; "DM" and "SYNC" are the channels where the build writes enrolment
                and sync sessions, "AP" is another one before 1903.
            event_id: Id of the event.
            at: Instant, true time.
            data: Named fields.
            after: Milliseconds after `at`.
            user_sid: Account that wrote it.
            opcode: 1 start, 2 stop.
        """
        release = self.device.release
        new, first = release >= RELEASES["11-24H2"], release < RELEASES["10-1903"]
        places = {
            "DM": "DME" if new else "DMA",
            "SYNC": "DMS" if new else "DMA",
            "AP": "APO" if first else "AP",
        }
        name = places.get(channel, channel)
        if not exists(name, event_id, release):
            return
        self._count += 1
        instant = at + timedelta(milliseconds=after)
        self._happenings[name].append(
            _Happening(
                instant, self._count, event_id, data or {}, self.computer, user_sid, opcode, self.clock_error
            )
        )

    def log(
        self, name: str, at: datetime, message: str, *, after: float = 0, severity: int = 1, thread: int = 7
    ) -> None:
        """Add one line to an Intune Management Extension log; `after` is in milliseconds."""
        self.logs[name].append(LogRecord(at + timedelta(milliseconds=after), message, severity, thread))

    def page(self, name: str, message: str, at: datetime, *, after: float = 0, code: int = 0) -> None:
        """Add one event of the OOBE pages: Shell-Core 62407 with a name and a JSON value."""
        value = f'{{"message":"{message}","errorCode":{code}}}'
        self.event("SC", 62407, at, {"Name": name, "Value": value}, after=after, user_sid=self.oobe_user)

    @property
    def oobe_user(self) -> str:
        """The account that shows the OOBE pages."""
        return "S-1-5-21-1000000001-1000000002-1000000003-1000"

    def truth(self, step: Step, started_at: datetime | None, ended_at: datetime | None) -> None:
        """Add one row of truth, once."""
        row = StageTruth(self.attempt, step.stage, started_at, ended_at, step.outcome, step.code, step.cause)
        self.rows.append(row)

    def records(self, channel: str) -> list[EventRecord]:
        """Return a channel's events as they are to be written: in true order, with the device's own clock."""
        happened = sorted(self._happenings[channel], key=lambda h: (h.at, h.order))
        return [self._record(channel, number, h) for number, h in enumerate(happened, start=1)]

    def _record(self, channel: str, number: int, h: _Happening) -> EventRecord:
        place = CHANNELS[channel]
        provider, guid = SYSTEM_PROVIDERS[h.event_id] if channel == "SYS" else (place.provider, place.guid)
        level = 2 if h.event_id in place.errors else 3 if h.event_id in place.warnings else 4
        pid = 1200 + 4 * (sum(place.name.encode()) % 900)
        classic = provider in ("EventLog", "User32")
        return EventRecord(
            number,
            h.at + h.error,
            provider,
            guid,
            h.event_id,
            place.name,
            h.computer,
            level=level,
            task=h.event_id if channel == "SC" else 0,
            opcode=h.opcode,
            keywords=place.keywords,
            qualifiers=0x8000 if classic else None,
            process_id=pid,
            thread_id=pid + 4 * (number % 9 + 1),
            user_sid=None if classic else h.user_sid,
            data=h.data,
        )

"""Marks -> attempts: a small state machine over the dated marks of one device.

States: `new` (nothing is under way), `deploying`, `failed`, `sealed` (the technician's part is done), `done`
(the device is in daily work). What a device asks at every start is held until something proves that more came
of it; held marks that nothing follows belong to no attempt: a boot is a boot.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import polars as pl

from autopilot_analysis.facts.marks import (
    DEVICE_ENROLLMENT_BEGAN,
    INTERNET_AVAILABLE,
    LEFT_ENTRA,
    PAGE_CONTINUED,
    PREPARATION_PAGE_FAILED,
    PROFILE_EMPTY,
    PROFILE_NOT_PROVISIONED,
)
from autopilot_analysis.tables import STAGES
from autopilot_analysis.tables.story import PHASES
from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.failures.tracked_apps import with_tracked_apps
from autopilot_analysis.trace.place import BELONGS_WITHIN

ENDS = ["end", "fail", "skip", "cached"]
"""Edges that close a stage."""
EMPTY = [PROFILE_EMPTY, PROFILE_NOT_PROVISIONED]
"""Answers without a profile."""
LEAVING = [LEFT_ENTRA, "unenrolled"]
"""Marks of a device that leaves: they end an attempt and begin none."""
BUILT_UPON = STAGES[: STAGES.index("device_preparation") + 1]
"""Stages that lie behind a device whose desktop is there or whose status page was left for good."""
OF_THE_DEVICE = STAGES[: STAGES.index("account_setup")]
"""Stages that a later user's status page does not run through."""
ASKS = ("start", "fail", "skip", "cached", "refused")
"""Edges by which a device in daily work asks again what its deployment had settled."""
ATTEMPTED = STAGES[STAGES.index("entra_join") : STAGES.index("desktop")]
"""Stages of which any start, end or failure proves an attempt."""
TRIED_AGAIN = STAGES[STAGES.index("entra_join") : STAGES.index("device_preparation")]
"""Stages that are tried again for days by people and tasks, without a mark of their beginning."""
ITS_OWN = STAGES[STAGES.index("entra_join") : STAGES.index("device_setup")]
"""Stages in which a device that enrols by itself can fail for good."""
PROVES_ANEW = "tpm_attestation_tried"
"""Mark of a device that begins once more to prove itself, after its attempt had failed at that."""
PROVED_ANEW = "device_enrollment_succeeded"
"""Mark of a device that enrolled by itself: after a failure for good it is of another run."""
ASKED_ANEW = "white_glove"
"""Mark that a run of the technician's begins with, before the device proves itself."""
SEALS = "esp_seal"
"""Edge of the page that ends the technician's part."""
PAGE_ENDS = ("esp_fail", "esp_exit")
"""Edges that only a page writes: a device in daily work has one before it again."""
LONGEST_ATTEMPT = timedelta(days=7)
"""No attempt lasts longer: a status page waits for a day at most, a device for its user over a holiday."""


NEVER = datetime.min.replace(tzinfo=UTC)


class Seen(NamedTuple):
    """One dated mark, as the machine reads it."""

    at: datetime
    mark: str
    stage: str | None
    edge: str
    terminal: str | None
    begins: str | None
    app: str | None = None
    """The app that the page tracks, of a mark that tells what came of one."""
    in_error: bool | None = None
    """Whether that app is one for which the page fails; null where it is under way."""


class Device(msgspec.Struct):
    """What is known of one device after the marks read so far."""

    state: str = "new"
    attempt: int = 0
    opening: str = "start"
    began_at: datetime = NEVER
    ended_at: datetime = NEVER
    enrolled_at: datetime | None = None
    acted: bool = False
    profiled: bool = False
    enrols_itself: bool = False
    failed_in: str | None = None
    phase: str | None = None
    """The phase of the page that was before the user when the attempt began, where that is known."""
    in_error: set[str] = msgspec.field(default_factory=set)
    blamed: frozenset[str] = frozenset()
    """The apps in error now, and those that were when the page failed."""
    desktop: bool = False
    begun: set[str | None] = msgspec.field(default_factory=set)
    held: list[tuple[int, Seen]] = msgspec.field(default_factory=list)
    taken: list[tuple[int, Seen]] = msgspec.field(default_factory=list)
    numbers: dict[int, tuple[int, str, str | None]] = msgspec.field(default_factory=dict)

    def note(self, mark: Seen) -> None:
        """Note what came of an app that the page tracks."""
        if mark.app and mark.in_error is not None:
            (self.in_error.add if mark.in_error else self.in_error.discard)(mark.app)

    def hold(self, place: int, mark: Seen) -> None:
        """Keep a mark until something proves an attempt; what lies a pause before it is forgotten."""
        self.held = [(n, m) for n, m in self.held if mark.at - m.at <= BELONGS_WITHIN] + [(place, mark)]

    def take(self, place: int, mark: Seen) -> None:
        """Count a mark to the attempt, and note what it makes of the device."""
        self.numbers[place] = (self.attempt, self.opening, self.phase)
        self.taken.append((place, mark))
        self.acted = self.acted or mark.begins in ("acts", "page") or mark.stage in ATTEMPTED
        self.profiled = self.profiled or mark.begins == "profile"
        self.enrols_itself = self.enrols_itself or mark.mark == DEVICE_ENROLLMENT_BEGAN
        if mark.edge == "start":
            self.begun.add(mark.stage)
        if mark.mark == "sync_began" or (mark.stage == "mdm_enrollment" and mark.edge == "end"):
            self.enrolled_at = self.enrolled_at or mark.at
        if mark.edge == "logon" and self.enrolled_at is not None:
            self.desktop = True

    def open(self, place: int, mark: Seen, opening: str, phase: str | None = None) -> None:
        """Begin an attempt with a mark, and with those that were held for it; on a page, in a phase of it."""
        self.attempt, self.opening, self.state, self.phase = self.attempt + 1, opening, "deploying", phase
        self.acted = self.profiled = self.desktop = self.enrols_itself = False
        self.begun, self.failed_in, self.taken = {phase} - {None}, None, []
        before = [(n, m) for n, m in self.held if mark.at - m.at <= BELONGS_WITHIN]
        self.held = []
        self.began_at = before[0][1].at if before and opening != "later_user" else mark.at
        for n, m in before if opening != "later_user" else []:
            self.take(n, m)
        deploying(self, place, mark)

    def end(self, state: str, mark: Seen) -> None:
        """Leave the attempt for a state in which nothing of it goes on."""
        self.state, self.ended_at, self.blamed = state, mark.at, frozenset(self.in_error)

    def leave(self, place: int, mark: Seen) -> None:
        """Count the leaving to the attempt; nothing is under way after it."""
        if self.attempt:
            self.take(place, mark)
        self.enrolled_at, self.held = None, []
        self.end("new", mark)

    def release(self, since: datetime) -> None:
        """Hold the attempt's marks from an instant on again: they were none of it."""
        self.held = [(n, m) for n, m in self.taken if m.at >= since]
        for n, _ in self.held:
            del self.numbers[n]

    def release_after(self, since: datetime) -> None:
        """Hold the attempt's marks from an instant on again, with what is held already."""
        waiting = self.held
        self.release(since)
        self.held = sorted([*waiting, *self.held])

    def starts_since(self, stages: Collection[str]) -> list[datetime]:
        """Return when some stages began after the attempt had ended."""
        begun = [m for _, m in [*self.taken, *self.held] if m.stage in stages and m.edge == "start"]
        return [m.at for m in begun if m.at > self.ended_at]


def proves(mark: Seen) -> bool:
    """Tell whether a mark alone proves an attempt: background tasks, questions and notes do not."""
    if mark.begins == "task":
        return False
    if mark.begins in ("acts", "page", "profile") or mark.edge == "esp_fail":
        return True
    beyond = mark.stage in ATTEMPTED and mark.edge in ("start", "end", "fail")
    return beyond or (mark.stage == "profile_download" and mark.edge == "fail")


def new(device: Device, place: int, mark: Seen) -> None:
    """Nothing is under way: hold what is asked until an act, a profile or a failure proves an attempt."""
    if mark.begins == "oobe":
        device.held = []
    offline = mark.edge == "refused" and not any(m.mark == INTERNET_AVAILABLE for _, m in device.held)
    if mark.mark in LEAVING:
        device.leave(place, mark)
    elif proves(mark) or (offline and device.attempt == 0):
        device.open(place, mark, "start")
    elif mark.mark == "sync_began" and device.attempt == 0:
        device.enrolled_at = mark.at  # what brought it here is lost with older records
        device.end("done", mark)
    else:
        device.hold(place, mark)


def deploying(device: Device, place: int, mark: Seen) -> None:
    """An attempt is under way: it ends by failure, seal, desktop, last page, leaving, or by its length."""
    idle = not device.acted
    if mark.at - device.began_at > LONGEST_ATTEMPT:
        device.end("new", mark)
        new(device, place, mark)
    elif mark.mark in LEAVING:
        device.leave(place, mark)
    elif mark.mark in EMPTY and idle and device.profiled:
        lose_profile(device, place, mark)
    elif mark.mark == "sync_began" and idle and device.enrolled_at is None:
        serve(device, place, mark, device.began_at)
    elif mark.begins == "retry" and preparation_failed(device):
        device.open(place, mark, "retry")
    elif device.opening != "later_user" or mark.stage not in OF_THE_DEVICE:
        device.take(place, mark)
        if mark.terminal == "yes":
            device.failed_in = mark.stage or (
                "account_setup" if "account_setup" in device.begun else "device_setup"
            )
            device.end("sealed" if mark.edge == SEALS else "failed", mark)
        elif finishes(device, mark):
            device.end("done", mark)


def preparation_failed(device: Device) -> bool:
    """Tell whether the page of device preparation failed last, which goes on for as long as it is shown."""
    ended = [m for _, m in device.taken if m.stage == "device_preparation" and m.edge in ENDS]
    return bool(ended) and ended[-1].mark == PREPARATION_PAGE_FAILED


def lose_profile(device: Device, place: int, mark: Seen) -> None:
    """The profile had come, nobody used it, and it is gone: what this start asked begins something else."""
    starts = [m.at for _, m in device.taken if m.begins == "oobe" and mark.at - m.at <= BELONGS_WITHIN]
    device.release(max(starts, default=mark.at))
    device.end("new", mark)
    device.hold(place, mark)


def serve(device: Device, place: int, mark: Seen, since: datetime) -> None:
    """A device that synchronises and was not seen to enrol was in service: what it asked is no attempt."""
    device.release(since)
    device.attempt -= since <= device.began_at
    device.enrolled_at = mark.at
    device.end("done", mark)
    device.hold(place, mark)


def stirred_at(device: Device) -> datetime:
    """When the marks that the attempt took last began, after a pause."""
    instants = [m.at for _, m in device.taken]
    pauses = [later for earlier, later in pairwise(instants) if later - earlier > BELONGS_WITHIN]
    return pauses[-1] if pauses else device.began_at


def finishes(device: Device, mark: Seen) -> bool:
    """Tell whether a mark shows that the deployment is over."""
    if mark.edge == "esp_exit":
        return "account_setup" in device.begun or device.enrols_itself
    if mark.mark == "sync_began" and device.enrolled_at is not None:
        return mark.at - max(device.enrolled_at, device.began_at) > BELONGS_WITHIN
    return mark.edge == "logon" and device.desktop


def failed(device: Device, place: int, mark: Seen) -> None:
    """The attempt failed: it is tried again, gone on with, or over; what a new start asks is held."""
    later_phase = device.failed_in != "account_setup" and mark.stage == "account_setup"
    on_page = device.failed_in in PHASES
    if mark.mark in LEAVING:
        device.leave(place, mark)
    elif mark.mark == "sync_began" and device.enrolled_at is None and device.failed_in == "mdm_enrollment":
        serve(device, place, mark, stirred_at(device))
    elif goes_through(device, mark):
        device.release_after(min(device.starts_since(PHASES), default=mark.at))
        device.open(place, mark, "retry", device.failed_in)
    elif mark.begins == "page" and (device.desktop or not on_page or later_phase):
        go_on(device, place, mark)
    elif mark.begins in ("page", "retry"):
        device.open(place, mark, "retry", device.failed_in)
    elif mark.begins == "acts" or makes_good(device, mark) or mark.mark == PROVES_ANEW:
        device.open(place, mark, "start")
    elif mark.mark == PROVED_ANEW and mark.at > device.ended_at and device.failed_in in ITS_OWN:
        enrol_after_all(device, place, mark)
    elif mark.begins is not None or device.held or mark.at - device.ended_at > BELONGS_WITHIN:
        device.held = [] if mark.begins == "oobe" else device.held
        device.hold(place, mark)
    else:
        device.take(place, mark)
        if device.desktop:
            device.end("done", mark)


def goes_through(device: Device, mark: Seen) -> bool:
    """Tell whether the page that had failed went through in a try whose beginning no record shows.

    The seal says so. That the page was left says it where every app for which it had failed is there since,
    and nobody chose to continue: it is left as well by whoever continues anyway.
    """
    if mark.edge == SEALS:
        return True
    onward = mark.edge == "esp_exit" or (mark.stage == "account_setup" and mark.edge == "start")
    if device.failed_in not in PHASES or not onward:
        return False
    mended = bool(device.blamed) and device.blamed.isdisjoint(device.in_error)
    return mended and not any(m.mark == PAGE_CONTINUED and m.at >= device.ended_at for _, m in device.taken)


def makes_good(device: Device, mark: Seen) -> bool:
    """Tell whether a mark shows that what failed succeeded in a later try whose start is not known."""
    if mark.edge != "end" or mark.begins is not None or {mark.stage, device.failed_in} - {*TRIED_AGAIN}:
        return False
    apart = bool(device.held) or mark.at - device.ended_at > BELONGS_WITHIN
    return apart and STAGES.index(mark.stage or "") >= STAGES.index(device.failed_in or "")


def enrol_after_all(device: Device, place: int, mark: Seen) -> None:
    """The device enrolled by itself after that had ended for good: another run, with what it asked first."""
    asked = [m.at for _, m in device.taken if m.mark == ASKED_ANEW and m.at > device.ended_at]
    device.release_after(max(asked, default=mark.at))
    device.open(place, mark, "start")


def go_on(device: Device, place: int, mark: Seen) -> None:
    """The next phase of the page begins in spite of a failure: the same attempt goes on."""
    device.state = "deploying"
    deploying(device, place, mark)


def sealed(device: Device, place: int, mark: Seen) -> None:
    """The technician's part is done: whatever begins is the user's."""
    if mark.begins is not None:
        device.state = "new"
        new(device, place, mark)
    else:
        device.take(place, mark)


def done(device: Device, place: int, mark: Seen) -> None:
    """The device is in daily work: only a page, enrolling itself, or joining and enrolling begin anew."""
    lately = mark.at - device.ended_at <= BELONGS_WITHIN and device.attempt > 0
    if mark.mark in LEAVING:
        device.leave(place, mark)
    elif mark.begins == "page":
        show_page(device, place, mark, lately=lately)
    elif mark.edge == SEALS and lately:
        device.take(place, mark)  # the page is left a moment before it says that the device is sealed
        device.end("sealed", mark)
    elif mark.edge in PAGE_ENDS and not lately and deploys_anew(device):
        device.open(place, mark, "start")
    elif mark.edge in PAGE_ENDS and shows_another(device, mark, lately=lately):
        end_page(device, place, mark)
    elif mark.mark == DEVICE_ENROLLMENT_BEGAN and not lately:
        device.open(place, mark, "start")
    elif mark.begins is None and lately and not (mark.stage in BUILT_UPON and mark.edge in ASKS):
        device.take(place, mark)
    elif not (lately and mark.begins == "acts"):
        device.hold(place, mark)
        stages = {m.stage for _, m in device.held if m.begins == "acts"}
        if stages >= {"entra_join", "mdm_enrollment"}:
            device.held.pop()
            device.open(place, mark, "start")


def show_page(device: Device, place: int, mark: Seen, *, lately: bool) -> None:
    """A status page on a device that was done: its next phase, a later user's, or another deployment's."""
    later_user = mark.stage == "account_setup" and (device.desktop or not lately)
    if later_user:
        device.open(place, mark, "later_user", mark.stage)
    elif lately:
        go_on(device, place, mark)
    else:
        device.open(place, mark, "start")


def deploys_anew(device: Device) -> bool:
    """Tell whether what is held shows a join or an enrolment that somebody began, with the page after it."""
    return any(m.begins == "acts" for _, m in device.held)


def shows_another(device: Device, mark: Seen, *, lately: bool) -> bool:
    """Tell whether the end of a page is that of a later user's, whose beginning the agent alone may tell.

    The agent names the phase for long after a page that nobody closed; only a page itself fails or is left.
    """
    if mark.stage in OF_THE_DEVICE or (lately and not device.desktop):
        return False
    anew = any(m.begins == "acts" or m.stage in OF_THE_DEVICE for _, m in device.held)
    return bool(device.starts_since(["account_setup"])) or (
        mark.edge == "esp_fail" and not lately and not anew
    )


def end_page(device: Device, place: int, mark: Seen) -> None:
    """A later user's page ends that began, if anything tells of it, with the agent's word on its phase."""
    device.release_after(min(device.starts_since(["account_setup"]), default=mark.at))
    began = [*device.held, (place, mark)]
    account = next(n for n, (_, m) in enumerate(began) if m.stage == "account_setup" or m == mark)
    device.open(*began[account], "later_user", "account_setup")
    for later in began[account + 1 :]:
        deploying(device, *later)


STATES: dict[str, Callable[[Device, int, Seen], None]] = {
    "new": new,
    "deploying": deploying,
    "failed": failed,
    "sealed": sealed,
    "done": done,
}


def _numbered(marks: pl.DataFrame) -> Iterator[tuple[int, str, str | None] | tuple[None, None, None]]:
    """Run the machine over the sorted marks of one device; yield each mark's attempt and how that began."""
    device = Device()
    names = Seen._fields
    for place, row in enumerate(marks.select(names).iter_rows()):
        mark = Seen(*row)
        device.note(mark)
        STATES[device.state](device, place, mark)
    for place in range(marks.height):
        yield device.numbers.get(place, (None, None, None))


@once_where_empty
def number_attempts(found: pl.DataFrame) -> pl.DataFrame:
    """Return the dated marks of attempts, with `attempt` from 1 for each device and `opening`.

    Args:
        found: What `find_marks` returned. Undated marks are left out, and so are those of no attempt: starts
            at which nothing began, background tasks, daily work.

    Returns:
        The marks, each with its attempt, how that began: start, retry (after a failure of the status page) or
        later_user (another user's status page on a device that was done), and in which phase of the page.
    """
    dated = with_tracked_apps(
        found.filter(pl.col("at").is_not_null()).sort("device", "at", "member", "record")
    )
    numbered: list[tuple[Any, Any, Any]] = []
    for _, marks in dated.group_by("device", maintain_order=True):
        numbered.extend(_numbered(marks))
    schema = {"attempt": pl.Int64, "opening": pl.String, "phase": pl.String}
    added = pl.DataFrame(numbered, schema=schema, orient="row")
    return dated.drop("app", "in_error").hstack(added).filter(pl.col("attempt").is_not_null())

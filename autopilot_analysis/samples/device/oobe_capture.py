"""A make-believe capture of OOBE: two traces, a merged trace and the Shell-Core log, with their truth beside.

The device sits at its pages twice. In the first run it gets as far as a restart; then its clock is set three
hours on. In the second a user of another tenant is turned away, and the enrolment of the right one refused.
The event log is the tail of what the traces hold, as it is on a device.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import polars as pl

from autopilot_analysis.defaults import SEED
from autopilot_analysis.samples.device.device import FIRST_DAY, name_of
from autopilot_analysis.samples.formats.channels import KERNEL, KERNEL_GUID, MODERN_GUID, SHELL_CORE_GUID
from autopilot_analysis.samples.formats.event_log import EventRecord, write_event_log
from autopilot_analysis.samples.formats.event_values import Value
from autopilot_analysis.samples.formats.trace_log import (
    SYSTEM_TIME,
    Template,
    TracedEvent,
    TraceSettings,
    write_trace_log,
)
from autopilot_analysis.samples.formats.trace_values import TraceField

OOBE = UUID("d0034f5e-3686-5a74-dc48-5a22dd4f3d5b")
STEP = timedelta(hours=3)
"""By how much the device's clock is set on between the two runs."""
_FIRST_SITTING = FIRST_DAY + timedelta(hours=2)
_TAIL = 30
"""So many reports the event log still holds."""


@dataclass(frozen=True)
class Said:
    """One report of a page: seconds behind the page's start, the report's name and value, and who did it."""

    after: float
    name: str
    value: str | None = None
    pressed: bool = False


@dataclass(frozen=True)
class Page:
    """One page of the script: how long it stands, how it ends, and what it reports."""

    screen: str
    seconds: float | None
    result: str = "success"
    reports: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Report:
    """One report on the true clock, in the words of the trace."""

    at: datetime
    run: int
    name: str
    opcode: int
    fields: tuple[tuple[str, str], ...]


def _script(random: Random) -> tuple[tuple[Page, ...], tuple[Page, ...]]:
    """Return the pages of both runs, their lengths drawn to the millisecond."""

    def drawn(low: float, high: float) -> float:
        return round(random.uniform(low, high), 3)

    def visible(after: float) -> Said:
        return Said(after, "Visible", "true")

    steps = [Page(name, drawn(0.02, 2)) for name in ("StartSelector", "AutoPilotPrefetch", "OobeLanguage")]
    begun = (
        *steps,
        Page(
            "OobeRegion",
            drawn(20, 90),
            reports=(visible(drawn(0.3, 1)), Said(15, "nextButton", None, pressed=True)),
        ),
        Page("OobeKeyboard", drawn(8, 30), reports=(visible(drawn(0.3, 1)),)),
        Page("OobeWireless", drawn(0.02, 0.1)),
        Page("OobeZdp", drawn(60, 200), reports=(visible(drawn(0.1, 1)),)),
        Page("Reboot", None),
    )
    branded = "Identity.UsernameView.Branding.HasBoilerPlateText"
    turned_away = (
        visible(1.25),
        Said(2, branded, "1"),
        Said(40, "CDJUITenantMismatchExists", "true"),
        Said(41, "CDJUIError", "ztdTenantMismatch"),
        Said(41.5, "CDJUIShowPage", "idErrorPage"),
        Said(101.75, "CDJUIClickOnErrorTryAgain"),
    )
    refused = (
        visible(0.75),
        Said(50, "CDJUICheckRequirementsAndJoin"),
        Said(60, "CDJUIStartAadProvisioning"),
        Said(75, "CDJUIEndAadProvisioning", "3"),
        Said(75.25, "CDJUIError", "80180014"),
        Said(75.5, "CDJUIShowPage", "idErrorPage"),
    )
    ended = (
        Page("StartSelector", drawn(0.05, 0.2), result="OobeNetworkLossError"),
        Page("OobeNetworkLossError", drawn(15, 60), reports=(visible(drawn(0.2, 1)),)),
        Page("OobeAAD", 110.5, result="fail", reports=turned_away),
        Page("OobeAAD", None, reports=refused),
    )
    return begun, ended


def reports_of(pages: Sequence[Page], run: int, start: datetime) -> Iterator[Report]:
    """Yield what a run's pages report, a page two hundred milliseconds behind the other.

    Args:
        pages: The pages in order.
        run: Number of the run, from 0.
        start: When it began.
    """
    yield Report(start, run, "AppActivityRequired", 1, (("source", "ms-cxh://FRX/INCLUSIVE"),))
    at = start + timedelta(milliseconds=400)
    for page in pages:
        yield Report(at, run, "WebAppActivity", 1, (("cxid", page.screen),))
        for report in page.reports:
            kind = "WebAppUserInteractionEvent" if report.pressed else "WebAppEvent"
            fields: tuple[tuple[str, str], ...] = (("eventName", report.name),)
            if report.value is not None:
                fields = (*fields, ("eventValue", report.value))
            yield Report(at + timedelta(seconds=report.after), run, f"{kind}{len(fields)}", 0, fields)
        if page.seconds is not None:
            at += timedelta(seconds=page.seconds)
            yield Report(at, run, "WebAppActivity", 2, (("appResult", page.result),))
            at += timedelta(milliseconds=200)


def oobe_capture(seed: int = SEED) -> tuple[dict[str, bytes], pl.DataFrame]:
    """Return the members of the capture under their names, and the screens that they must give.

    Args:
        seed: Another seed, other durations.

    Returns:
        The second is a frame of sitting, screen, at, visible_at, ended_at, waited, result, error, code,
        error_at, error_waited and choices, on the true clock.
    """
    random = Random(seed)
    starts = (_FIRST_SITTING, _FIRST_SITTING + timedelta(minutes=12))
    runs = _script(random)
    first, second = (list(reports_of(pages, run, starts[run])) for run, pages in enumerate(runs))
    members = {
        "CloudExperienceHostOobe.etl.001": oobe_trace(first, starts[0], off=STEP),
        "CloudExperienceHostOobe.etl.002": oobe_trace(second, starts[1], off=timedelta()),
    }
    members["DiagnosticLogCSP_Collector_Autopilot_2026_3_2_8_20_0.etl.merged"] = _merged(starts[1])
    members["microsoft-windows-shell-core-operational.evtx"] = _log([*first, *second])
    return members, _truth(runs, starts)


def oobe_trace(reports: Sequence[Report], start: datetime, *, off: timedelta, bias: int = 480) -> bytes:
    """Return the trace of one run.

    Args:
        reports: What its pages reported, on the true clock.
        start: When the run began.
        off: How far the device's clock was behind then; a run on a right clock is still being traced.
        bias: Minutes from local time to UTC.
    """
    started = start - timedelta(seconds=20) - off
    events = [
        TracedEvent(
            at=report.at - off,
            provider="Microsoft.Windows.Shell.CloudExperienceHost",
            provider_guid=OOBE,
            name=report.name,
            opcode=report.opcode,
            fields=[TraceField(name, value) for name, value in report.fields],
            activity=UUID(int=7 + report.run),
            processor=n % 2,
        )
        for n, report in enumerate(reports)
    ]
    ended = None if off == timedelta() else reports[-1].at - off + timedelta(seconds=5)
    settings = TraceSettings(started, started - timedelta(seconds=0.5), bias=bias, ended=ended, ring=63)
    return write_trace_log(events, settings)


def _merged(at: datetime) -> bytes:
    """Return a merged trace with an event that no log holds, and its description."""
    fields = [TraceField("HRESULT", 0x800704CF, "hex32"), TraceField("Message1", "ProfileRequest")]
    name = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
    event = TracedEvent(at, "", MODERN_GUID, fields=fields, event_id=706, level=3)
    settings = TraceSettings(
        at, at, "Relogger", clock=SYSTEM_TIME, relogged=True, ended=at + timedelta(minutes=1)
    )
    return write_trace_log([event], settings, templates=[Template(name, MODERN_GUID, 706, 0, fields)])


_IDS = {"AppActivityRequired": 62400, "WebAppEvent1": 62406, "WebAppEvent2": 62407}
_IDS |= {"WebAppUserInteractionEvent1": 62406, "WebAppUserInteractionEvent2": 62407}
_NAMES = {
    "source": "Source",
    "cxid": "CXID",
    "appResult": "Result",
    "eventName": "Name",
    "eventValue": "Value",
}


def _log(reports: Sequence[Report]) -> bytes:
    """Return the Shell-Core log: the newest reports only, those of the first run on the wrong clock."""
    records = [
        EventRecord(
            record_id=number,
            at=report.at - (STEP if report.run == 0 else timedelta()),
            provider="Microsoft-Windows-Shell-Core",
            provider_guid=SHELL_CORE_GUID,
            event_id=_IDS.get(report.name, 62403 + report.opcode),
            channel="Microsoft-Windows-Shell-Core/Operational",
            computer=name_of(1),
            data={_NAMES[name]: value for name, value in report.fields},
        )
        for number, report in enumerate(reports, 1)
    ]
    return write_event_log(records[-_TAIL:])


def step_log() -> bytes:
    """Return a System log that tells of the clock step: Kernel-General 1 by the time service."""
    new = _FIRST_SITTING + timedelta(minutes=11, seconds=30)
    process = "\\Device\\HarddiskVolume3\\Windows\\System32\\svchost.exe"
    change: dict[str, Value] = {"NewTime": new, "OldTime": new - STEP, "Reason": 1, "ProcessName": process}
    record = EventRecord(
        1,
        new,
        KERNEL,
        KERNEL_GUID,
        1,
        "System",
        name_of(1),
        data=change,
    )
    return write_event_log([record])


def _truth(runs: Sequence[Sequence[Page]], starts: Sequence[datetime]) -> pl.DataFrame:
    """Return what the script makes of each page, without a look at what was written."""
    rows = []
    for sitting, (pages, start) in enumerate(zip(runs, starts, strict=True), 1):
        at = start + timedelta(milliseconds=400)
        for page in pages:
            rows.append({"sitting": sitting, "screen": page.screen, **_page_row(page, at)})
            at += timedelta(seconds=page.seconds or 0, milliseconds=200)
    return pl.DataFrame(rows)


def _page_row(page: Page, at: datetime) -> dict[str, object]:
    def when(name: str, value: str | None = None) -> float | None:
        return next((s.after for s in page.reports if s.name == name and value in (None, s.value)), None)

    def instant(after: float | None) -> datetime | None:
        return None if after is None else at + timedelta(seconds=after)

    shown, left = when("CDJUIShowPage", "idErrorPage"), when("CDJUIClickOnErrorTryAgain") or page.seconds
    error = next((s.value for s in page.reports if s.name == "CDJUIError"), None)
    if page.screen == "OobeNetworkLossError":
        shown, left, error = when("Visible"), page.seconds, "Error page: no network"
    pressed = [s.name for s in page.reports if s.pressed or "ClickOn" in s.name]
    stood = None if shown is None or left is None else timedelta(seconds=left) - timedelta(seconds=shown)
    return {
        "at": at,
        "visible_at": instant(when("Visible")),
        "ended_at": instant(page.seconds),
        "waited": None if page.seconds is None else timedelta(seconds=page.seconds),
        "result": None if page.seconds is None else page.result,
        "error": error,
        "code": f"0x{error}" if error == "80180014" else None,
        "error_at": instant(shown),
        "error_waited": stood,
        "choices": ", ".join(pressed) or None,
    }

"""Reports of pages -> `screens`: before which page a person sat, how long, what it said, what was pressed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

import msgspec
import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.trace_log.twins import is_page_report
from autopilot_analysis.tables import Screen
from autopilot_analysis.tables.typed import empty, once_where_empty
from autopilot_analysis.trace.place import place
from autopilot_analysis.trace.screens.reports import BEGAN, ENDED, OPENED, Report, merged_reports

FIRST_PAGE = "StartSelector"
"""Every sitting begins with it."""
_BARE_CODE = re.compile(r"[0-9A-Fa-f]{8}")
_JSON_CODE = re.compile(r'"errorCode":\s*"?(-?[1-9]\d*|0x0*[1-9A-Fa-f][0-9A-Fa-f]*)\b')
_JSON_MESSAGE = re.compile(r'"message":\s*"((?:[^"\\]|\\.)+)"')


class Page(msgspec.Struct):
    """One page while its reports come in; instants follow from the first by exact spans of the trace."""

    sitting: int
    start: Report
    after_failure: bool
    """Whether this page shows an error because the page it belongs to failed."""
    visible_at: datetime | None = None
    ended_at: datetime | None = None
    result: str | None = None
    error: str | None = None
    code: str | None = None
    error_at: datetime | None = None
    error_waited: timedelta | None = None
    _shown_since: datetime | None = None
    choices: dict[str, None] = msgspec.field(default_factory=dict)

    def instant(self, report: Report) -> datetime | None:
        """Return when something was reported, by the start of this page where one trace holds both."""
        start = self.start
        if start.at is None or start.elapsed is None or report.elapsed is None or start.trace != report.trace:
            return report.at
        return start.at + (report.elapsed - start.elapsed)

    def take(self, report: Report) -> None:
        """Note what the page reports of itself."""
        signals = signals_of(report.name, report.value)
        at = self.instant(report)
        if "visible" in signals and self.visible_at is None:
            self.visible_at = at
            if self.is_error:
                self.show_error(at)
        if "error_page" in signals:
            self.show_error(at)
        elif "error_page_left" in signals:
            self.leave_error(at)
        if "error" in signals:
            self.error = self.error or report.value
            self.code = self.code or _code(report.value)
        elif found := _JSON_CODE.search(report.value):
            self.error = self.error or f"{report.name}{_message(report.value)}"
            self.code = self.code or code_of(found[1])
        if report.pressed or "choice" in signals:
            self.choices.setdefault(report.name)

    @property
    def is_error(self) -> bool:
        """Whether the page as a whole is an error page."""
        return self.after_failure or kind_of(self.start.name) == "error"

    def show_error(self, at: datetime | None) -> None:
        """Note that an error page came up; the first of several dates it."""
        self.error_at = self.error_at or at
        self._shown_since = self._shown_since or at

    def leave_error(self, at: datetime | None) -> None:
        """Note that the error page is gone; times before several add up."""
        if self._shown_since is not None and at is not None:
            self.error_waited = (self.error_waited or timedelta()) + (at - self._shown_since)
        self._shown_since = None

    def end(self, report: Report) -> None:
        """Note that the page ended, and how."""
        self.ended_at = self.instant(report)
        self.result = report.name or None
        self.leave_error(self.ended_at)
        self._shown_since = None

    def row(self, device: str) -> dict[str, object]:
        """Return the page as a row of `screens`, its attempt still open."""
        start, title = self.start, title_of(self.start.name)
        return {
            "device": device,
            "attempt": None,
            "sitting": self.sitting,
            "screen": start.name,
            "title": title,
            "at": start.at,
            "visible_at": self.visible_at,
            "ended_at": self.ended_at,
            "waited": self.ended_at - start.at if self.ended_at and start.at else None,
            "result": self.result,
            "error": self.error or (title if self.is_error and self.visible_at else None),
            "code": self.code,
            "choices": ", ".join(self.choices) or None,
            "clock": start.clock,
            "member": start.member,
            "record": start.record,
            "error_at": self.error_at,
            "error_waited": self.error_waited,
        }


@once_where_empty
def build_screens(events: pl.DataFrame) -> pl.DataFrame:
    """Return `screens` of every device, their attempts left open.

    Args:
        events: Rows of `events`.
    """
    rows: list[dict[str, object]] = []
    reports = events.filter(is_page_report())
    for (device,), of_device in reports.group_by("device", maintain_order=True):
        rows += [page.row(str(device)) for page in pages_of(merged_reports(of_device))]
    return pl.DataFrame(rows, schema=empty(Screen).schema).sort("device", "sitting", maintain_order=True)


def screens_in_attempts(screens: pl.DataFrame, attempts: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Give each screen the attempt that had begun when it ended, or when it came up if it never did.

    The first steps of a sitting run before anything else is told; they belong to what follows in it.

    Args:
        screens: What `build_screens` returned.
        attempts: Rows of `attempts`.
        spans: What `spans_of` returned for these attempts.
    """
    placed = place(screens, attempts, spans, pl.coalesce("ended_at", "at"))
    of_sitting = pl.col("attempt").fill_null(strategy="backward").over("device", "sitting")
    return placed.with_columns(of_sitting)


def pages_of(reports: Iterable[Report]) -> list[Page]:
    """Return the pages of one device in order.

    Args:
        reports: In order.
    """
    sittings = _Sittings()
    for report in reports:
        sittings.take(report)
    return sittings.pages


class _Sittings:
    """Sittings of one device and the page that is open, as reports come in.

    A page is open from its start to its end or to the next start; what is reported meanwhile is its own. A
    sitting opens when OOBE is started, with `FIRST_PAGE`, or with the next trace; a page that was open then
    never ended: the device restarted, or the capture was made.
    """

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self._sitting = 0
        self._untouched = False
        self._trace: str | None = None
        self._open: Page | None = None
        self._failed: set[str] = set()

    def take(self, report: Report) -> None:
        """Change the state by one report."""
        if self._sitting == 0 or (self._opens(report) and not self._untouched):
            self._sit_down()
        self._trace = report.trace or self._trace
        if report.kind == BEGAN:
            self._begin(report)
        elif self._open is not None and report.kind == ENDED:
            self._end(self._open, report)
        elif self._open is not None:
            self._open.take(report)

    def _opens(self, report: Report) -> bool:
        """Tell whether a report begins a sitting of its own."""
        if report.kind == OPENED or (report.kind == BEGAN and report.name == FIRST_PAGE):
            return True
        return None not in (report.trace, self._trace) and report.trace != self._trace

    def _sit_down(self) -> None:
        self._sitting += 1
        self._untouched, self._open, self._failed = True, None, set()

    def _begin(self, report: Report) -> None:
        self._untouched = False
        self._open = Page(self._sitting, report, after_failure=owner_of(report.name) in self._failed)
        self.pages.append(self._open)

    def _end(self, page: Page, report: Report) -> None:
        page.end(report)
        if page.result == "fail":
            self._failed.add(page.start.name)
        self._open = None


def _code(text: str) -> str | None:
    """Return the result code that a page's error is, which it writes without 0x; a word is none."""
    return code_of(f"0x{text}") if _BARE_CODE.fullmatch(text) else None


def _message(value: str) -> str:
    """Return the page's own words beside its error code, behind a colon; nothing where it wrote none."""
    found = _JSON_MESSAGE.search(value)
    return f": {found[1].strip()}" if found else ""


@cache
def _signals() -> list[tuple[str, re.Pattern[str], re.Pattern[str] | None]]:
    rows = read_facts("screen_signals").select("signal", "name", "value").iter_rows()
    return [(signal, re.compile(name), re.compile(value) if value else None) for signal, name, value in rows]


def signals_of(name: str, value: str) -> set[str]:
    """Return what a report means: visible, error_page, error_page_left, error, choice.

    Args:
        name: Of the report.
        value: What stands beside it; may be empty.
    """
    return {
        signal
        for signal, in_name, in_value in _signals()
        if in_name.search(name) and (in_value is None or in_value.search(value))
    }


@cache
def _screens() -> dict[str, tuple[str, str, str | None]]:
    rows = read_facts("screens").select("screen", "title", "kind", "error_after").iter_rows()
    return {screen.lower(): (title, kind, after) for screen, title, kind, after in rows}


def title_of(screen: str) -> str:
    """Return what a page is called in plain words; one that nobody knows keeps Microsoft's id.

    Args:
        screen: Microsoft's id.
    """
    known = _screens().get(screen.lower())
    return known[0] if known else screen


def kind_of(screen: str) -> str | None:
    """Return whether a screen is a step, a page or an error page; None for one that nobody knows.

    Args:
        screen: Microsoft's id.
    """
    known = _screens().get(screen.lower())
    return known[1] if known else None


def owner_of(screen: str) -> str | None:
    """Return the page whose failure a page shows, or None.

    Args:
        screen: Microsoft's id.
    """
    known = _screens().get(screen.lower())
    return known[2] if known else None

"""What set the end of a phase: its time cut into parts, each with the one thing it waited for."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import polars as pl

from autopilot_analysis.codes.meaning import HARD_RESTART
from autopilot_analysis.tables import STAGES, Trace
from autopilot_analysis.tables.story import BOOT, SHUTDOWN, SLEEP, UNATTRIBUTED
from autopilot_analysis.trace.installs.policies import ASKS_FOR_RESTART

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "device": pl.String,
    "attempt": pl.Int64,
    "stage": pl.Enum(STAGES),
    "started_at": pl.Datetime("us", "UTC"),
    "ended_at": pl.Datetime("us", "UTC"),
    "waited": pl.Duration("us"),
    "cause": pl.String,
    "item": pl.String,
    "name": pl.String,
}
"""Columns of a critical path; `cause` is download, install, detect, script, remediation, policy, certificate,
network, wait_reboot, wait_grs, wait_dependency, wait_sleep, wait, unfinished (an item that began and was not
seen to end) or UNATTRIBUTED."""

_PAGES = {"device_setup": "device", "account_setup": "account"}
_ORDER = [
    "wait_sleep",
    "wait_reboot",
    "install",
    "script",
    "remediation",
    "detect",
    "download",
    "certificate",
    "network",
    "policy",
]
"""Which of several causes at one instant is named, after blocking items: the most concrete work first."""

_WAITS = (
    ("reboot", "wait_reboot"),
    ("restart", "wait_reboot"),
    ("grs", "wait_grs"),
    ("dependency", "wait_dependency"),
)


_NOWHEN = datetime(1, 1, 1, tzinfo=UTC)
OPEN = datetime.max.replace(tzinfo=UTC)
"""The end of what was not seen to end."""


class Span(msgspec.Struct, frozen=True):
    """One stretch of time in which one thing was known to be under way."""

    started_at: datetime
    ended_at: datetime
    cause: str
    item: str | None
    name: str | None
    blocking: bool


def build_critical_path(trace: Trace, *, phase: str = "device_setup") -> pl.DataFrame:
    """Return what each phase waited for, walked back from its end; the parts tile the phase exactly.

    From the end of the phase backwards: of all that was under way then, the item the page waits for is named,
    of those the one begun first; the walk goes on where it began. Where nothing else is known to be under
    way, an item that was not seen to end is named, or else the time is UNATTRIBUTED.

    Args:
        trace: What `build_trace` returned.
        phase: Name of a stage.

    Returns:
        The columns of `SCHEMA`, in order of time; a phase without both ends has no rows.
    """
    runs = trace.stage_runs.filter(
        pl.col("stage") == phase, pl.col("started_at").is_not_null(), pl.col("ended_at").is_not_null()
    )
    rows = [
        {"device": run["device"], "attempt": run["attempt"], "stage": phase} | part
        for run in runs.iter_rows(named=True)
        for part in _walk(run["started_at"], run["ended_at"], read_spans(trace, run["device"], phase))
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def read_spans(trace: Trace, device: str, phase: str) -> list[Span]:
    """Return everything known to have been under way on a device, as far as it can belong to the phase.

    Items of the other page phase are left out; items whose phase is unknown are kept.
    """
    page = _PAGES.get(phase)
    ours = trace.installs.filter(
        pl.col("device") == device, pl.col("phase").is_null() | (pl.col("phase") == page)
    )
    spans = [span for row in ours.iter_rows(named=True) for span in _spans_of(row)]
    asked = trace.installs.filter(pl.col("device") == device)
    return [*spans, *_reboots(trace.steps.filter(pl.col("device") == device), asked)]


def _spans_of(row: dict[str, object]) -> list[Span]:
    """Return the stretches of one try: download, install, detection, or a wait."""
    kind = str(row["kind"])
    begun, ended, loaded_from, loaded = (
        row[name] for name in ("started_at", "ended_at", "download_started_at", "download_ended_at")
    )
    if row["outcome"] == "waiting" and not loaded_from:
        return [_span(row, begun, ended, _wait(str(row["reason"] or "")))] if begun and ended else []
    last_at = _instant(row, "last_seen_at")
    ended = ended or last_at
    working = kind if kind in ("script", "remediation", "certificate", "policy", "network") else "install"
    spans = [_span(row, loaded_from, loaded or begun or ended, "download"), _span(row, begun, ended, working)]
    if loaded and begun:
        spans.append(_span(row, loaded, begun, "wait"))
    if row["outcome"] == "unfinished":
        spans.append(_span(row, ended or begun or loaded_from, OPEN, "unfinished"))
    looked = _instant(row, "detected_at")
    spans.append(_span(row, ended, looked, "detect"))
    held = _instant(row, "held_from_at"), _instant(row, "held_until_at")
    spans.append(_span(row, *held, "wait_grs"))
    if kind in ("policy", "certificate", "network") and begun is None:
        spans.append(_span(row, row["required_at"], ended, kind))
    return [span for span in spans if span.started_at < span.ended_at]


def _span(row: dict[str, object], begun: object, ended: object, cause: str) -> Span:
    """Return a span, an empty one when an end is unknown."""
    if not isinstance(begun, datetime) or not isinstance(ended, datetime):
        begun = ended = _NOWHEN
    item, name = (str(row[key]) if row[key] is not None else None for key in ("item", "name"))
    return Span(begun, ended, cause, item, name, row["blocking"] is True)


def _instant(row: dict[str, object], name: str) -> datetime | None:
    text = pl.Series([row["detail"]], dtype=pl.String).str.json_path_match(f"$.{name}")[0]
    return datetime.fromisoformat(text) if text else None


def _wait(reason: str) -> str:
    low = reason.lower()
    return next((cause for word, cause in _WAITS if word in low), "wait")


def _reboots(steps: pl.DataFrame, installs: pl.DataFrame) -> list[Span]:
    """Return the stretches in which the device was off or asleep, a restart with what asked for it."""
    spans, down, since = [], None, _NOWHEN
    for row in steps.filter(pl.col("at").is_not_null()).sort("at").iter_rows(named=True):
        if row["kind"] == SHUTDOWN:
            down = row["at"]
        elif row["kind"] == BOOT:
            if down is not None:
                item, name = _asked_for(installs, since, down)
                spans.append(Span(down, row["at"], "wait_reboot", item, name, blocking=True))
            down, since = None, row["at"]
        elif row["kind"] == SLEEP and row["amount"] is not None:
            spans.append(Span(row["at"] - row["amount"], row["at"], "wait_sleep", None, None, blocking=True))
    return spans


def _asked_for(installs: pl.DataFrame, since: datetime, down: datetime) -> tuple[str | None, str | None]:
    """Return the last item that asked for a restart since the boot before it, with its name."""
    asks = (pl.col("exit_class") == HARD_RESTART) | (pl.col("reason") == ASKS_FOR_RESTART)
    found = installs.filter(asks, pl.col("ended_at").is_between(since, down)).sort("ended_at")
    return (found["item"][-1], found["name"][-1]) if found.height else (None, None)


def _walk(start: datetime, end: datetime, spans: list[Span]) -> list[dict[str, object]]:
    """Return the parts from start to end, found from the end backwards."""
    parts: list[dict[str, object]] = []
    now = end
    while now > start:
        active = [span for span in spans if span.started_at < now <= span.ended_at]
        if active:
            chosen = min(active, key=_rank)
            since, cause, item, name = chosen.started_at, chosen.cause, chosen.item, chosen.name
        else:
            before = [span.ended_at for span in spans if span.started_at < span.ended_at < now]
            since, cause, item, name = max(before, default=start), UNATTRIBUTED, None, None
        since = max(since, start)
        parts.append(
            {
                "started_at": since,
                "ended_at": now,
                "waited": now - since,
                "cause": cause,
                "item": item,
                "name": name,
            }
        )
        now = since
    return parts[::-1]


def _rank(span: Span) -> tuple[bool, bool, int, datetime, str]:
    """Return the order in which spans under way at one instant are named, smallest first."""
    known = _ORDER.index(span.cause) if span.cause in _ORDER else len(_ORDER)
    vague = span.cause in ("wait", "unfinished")
    return (vague, not span.blocking, known, span.started_at, span.item or "")

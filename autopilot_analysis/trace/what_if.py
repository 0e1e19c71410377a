"""A phase replayed with something changed: an app left out, faster, not waited for, or a shorter limit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.tables import Trace
from autopilot_analysis.tables.story import UNATTRIBUTED
from autopilot_analysis.trace.critical_path import OPEN, SCHEMA, Span, read_spans
from autopilot_analysis.wording import in_zone, words

SERIAL = "What ran at the same time as a changed item still takes its time, and the order of work stays."
_GAPS = "Time in which nothing is known to have run stays, except between tries of what is left out."
WHOLE = "seen from start to end"
_FAILED = "The phase ended in a failure: what it would have gone on to do is not in the export."
_OPEN = "An item that was not seen to end is taken to have run until the phase ended."
_LATER = "An item that is not waited for runs after the phase and holds nothing in it up."


@dataclass(frozen=True, repr=False)
class WhatIf:
    """What a phase would have been.

    Attributes:
        end: When it would have ended, UTC.
        saved: By how much sooner than it did; negative when later.
        assumptions: What the replay takes for granted, one sentence each.
        path: The replayed phase, the columns of `critical_path.SCHEMA`.
        timed_out: True when the time limit ends it.
        outcome: How it would have ended: failed at its time limit, else as it did; None where it failed and
            the limit does not end it sooner, for what would have come is not in the export.
    """

    end: datetime
    saved: timedelta
    assumptions: tuple[str, ...]
    path: pl.DataFrame
    timed_out: bool
    outcome: str | None = None

    def __repr__(self) -> str:
        """Return its end, what it saves and what it rests on, a line each; `path` holds the rest."""
        limit = ", ended by the time limit" if self.timed_out else ""
        ended = words(self.outcome) if self.outcome else "outcome not known"
        head = f"WhatIf: {ended} at {in_zone(self.end)}{limit}"
        return "\n".join([head, f"saved: {self.saved}; path: {self.path.height} parts", *self.assumptions])


def what_if(
    trace: Trace,
    *,
    without: Collection[str] = (),
    faster: Mapping[str, float] | None = None,
    non_blocking: Collection[str] = (),
    timeout: timedelta | None = None,
    phase: str = "device_setup",
    device: str | None = None,
    attempt: int | None = None,
) -> WhatIf:
    """Return when a phase would have ended under other conditions, and what that answer rests on.

    Args:
        trace: What `build_trace` returned.
        without: Ids or names of items that are left out.
        faster: How many times faster an item downloads and installs, by id or name: 2.0 halves its time.
        non_blocking: Ids or names of items the page does not wait for.
        timeout: The page's time limit.
        phase: Name of a stage.
        device: Which device; needed when the trace holds several.
        attempt: Which attempt; the last one with both ends of the phase when not given.

    Raises:
        UnknownName: An item is not in the trace.
        BadInput: The phase was not seen from start to end, several devices were, or a speed is not above 0.
    """
    run = _choose(trace, phase, device, attempt)
    spans = read_spans(trace, str(run["device"]), phase)
    own = trace.installs.filter(pl.col("device") == run["device"])
    speeds = shares_left(own, (*without, *non_blocking), faster or {})
    began, ended = run["started_at"], run["ended_at"]
    parts = _replay(began, ended, spans, speeds)
    end = parts[-1]["ended_at"] if parts else began
    timed_out = timeout is not None and end - began > timeout
    if timeout is not None and timed_out:
        end = began + timeout
        parts = [
            part | {"ended_at": min(part["ended_at"], end)} for part in parts if part["started_at"] < end
        ]
    frame = [{"device": run["device"], "attempt": run["attempt"], "stage": phase} | part for part in parts]
    path = pl.DataFrame(frame, schema=SCHEMA).with_columns(waited=pl.col("ended_at") - pl.col("started_at"))
    assumed = (
        SERIAL,
        _GAPS,
        *((_LATER,) if non_blocking else ()),
        *((_OPEN,) if any(span.ended_at == OPEN for span in spans) else ()),
        *((_FAILED,) if run["outcome"] == "failed" else ()),
    )
    lived = None if run["outcome"] == "failed" else run["outcome"]
    outcome = "failed" if timed_out else lived
    return WhatIf(
        end=end, saved=ended - end, assumptions=assumed, path=path, timed_out=timed_out, outcome=outcome
    )


def _choose(trace: Trace, phase: str, device: str | None, attempt: int | None) -> dict[str, Any]:
    """Return the one stage run that is asked about."""
    runs = trace.stage_runs.filter(
        pl.col("stage") == phase, pl.col("started_at").is_not_null(), pl.col("ended_at").is_not_null()
    )
    if device is not None:
        runs = runs.filter(pl.col("device") == device)
    if attempt is not None:
        runs = runs.filter(pl.col("attempt") == attempt)
    if runs.is_empty():
        message = f"no {phase} was {WHOLE}; choose another phase, device or attempt."
        raise BadInput(message)
    if runs["device"].n_unique() > 1:
        message = f"{runs['device'].n_unique()} devices went through {phase}; say which one with device=…"
        raise BadInput(message)
    return runs.sort("attempt").row(-1, named=True)


def shares_left(
    installs: pl.DataFrame, without: Collection[str], faster: Mapping[str, float], *, kind: str = "item"
) -> dict[str, float]:
    """Return for each changed item what is left of its time, from 0 to 1 and beyond.

    Args:
        installs: Tries, at least with `item`; all items of one `name` are changed together.
        without: Ids or names of items that are left out.
        faster: How many times faster an item is, by id or name.
        kind: What is named, for the message of what is not known.

    Raises:
        UnknownName: No try is of such an item.
        BadInput: A speed is not above 0.
    """
    named = installs.select("item", name="name" if "name" in installs.columns else "item").unique()
    known: dict[str, list[str]] = {}
    for item, name in named.drop_nulls("item").sort("item", "name").iter_rows():
        for word in {item, name} - {None}:
            known.setdefault(word, []).append(item)
    wanted = {**{name: _left(name, times) for name, times in faster.items()}, **dict.fromkeys(without, 0.0)}
    for name in wanted:
        if name not in known:
            raise UnknownName.among(kind, name, known)
    return {item: share for name, share in wanted.items() for item in known[name]}


def _left(name: str, times: float) -> float:
    if not times > 0:
        message = f"{name} cannot be {times} times faster; give a number above 0, 2.0 for half the time."
        raise BadInput(message)
    return 1.0 / times


def _replay(
    start: datetime, end: datetime, spans: list[Span], speeds: Mapping[str, float]
) -> list[dict[str, Any]]:
    """Return the parts of the phase, changed items shortened wherever nothing else ran beside them."""
    inside = [span for span in spans if span.started_at < end and span.ended_at > start]
    cuts = sorted(
        {start, end, *(min(max(edge, start), end) for s in inside for edge in (s.started_at, s.ended_at))}
    )
    parts: list[dict[str, Any]] = []
    now = start
    for since, until in pairwise(cuts):
        active = [span for span in inside if span.started_at <= since and span.ended_at >= until]
        if not active and _between_tries(inside, since, until, speeds):
            continue
        left, who = max(
            ((speeds.get(span.item or "", 1.0), span) for span in active), key=_slowest, default=(1.0, None)
        )
        length = (until - since) * left
        if length > timedelta():
            what = (who.cause, who.item, who.name) if who else (UNATTRIBUTED, None, None)
            _append(parts, now, now + length, what)
            now += length
    return parts


def _between_tries(spans: list[Span], since: datetime, until: datetime, speeds: Mapping[str, float]) -> bool:
    """Return whether an idle stretch lies between two tries of one item that is left out."""
    before = {span.item for span in spans if span.ended_at == since}
    after = {span.item for span in spans if span.started_at == until}
    return any(item is not None and speeds.get(item) == 0.0 for item in before & after)


def _slowest(pair: tuple[float, Span]) -> tuple[float, bool, datetime]:
    return (pair[0], pair[1].blocking, pair[1].ended_at)


def _append(parts: list[dict[str, Any]], since: datetime, until: datetime, what: tuple[object, ...]) -> None:
    """Add a part, or lengthen the last one when it has the same cause and item."""
    cause, item, name = what
    if parts and (parts[-1]["cause"], parts[-1]["item"]) == (cause, item):
        parts[-1]["ended_at"] = until
        return
    parts.append({"started_at": since, "ended_at": until, "cause": cause, "item": item, "name": name})

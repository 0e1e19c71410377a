"""Listed events -> `events`: in the order in which they were written, their times placed, their gaps said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec
import polars as pl

from autopilot_analysis.clock.provenance import DECLARED, NOT_KNOWN
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.event_lists import (
    channel_of_event,
    full_name,
    level_of,
    provider_of_channel,
    provider_of_message,
)
from autopilot_analysis.readers.event_log.event_chunks import EXPORT_AGAIN
from autopilot_analysis.readers.event_log.event_fields import CODE_FIELD, result_codes
from autopilot_analysis.readers.event_log.lists.event_message import fields_of
from autopilot_analysis.readers.local_times import DOUBTFUL, SAVE_LOG, TELL, Times, read_times
from autopilot_analysis.readers.reading import Reading, Unread, rows_of

NAMELESS = "events of a list that names no provider: no rule can tell what they mean"
NAME_THEM = f"export it again with the provider's name, or {SAVE_LOG}"
SAVE_IT = f"{SAVE_LOG} or XML, which carries the time of each event"
NUMBERS = ("record", "event_id", "version", "process_id", "thread_id")
"""Columns that a list writes as numbers."""


class Listed(msgspec.Struct, frozen=True):
    """One event as a list tells of it.

    Attributes:
        cells: What the list says under our names; the time, the number and the level still as text.
        values: What the provider wrote, in its order, where the list holds that.
    """

    cells: Mapping[str, str | None]
    values: Sequence[Any] = msgspec.field(default=())


SESSION_OF_ENTRA = ("SessionOf", "AzureAD")
"""Field of an event whose list shows that an Entra account was signed in; the name itself is not kept."""
ENTRA_LOG = "microsoft-windows-aad"
ENTRA_ACCOUNT = "azuread\\"
"""How Windows shows the name of such an account, in lower case."""


def no_events(what: str, number: int) -> Unread:
    """Return what a list holds that is no event.

    Args:
        what: What its records are, in the plural.
        number: How many of them.
    """
    return Unread(f"{what} of the list are no events", count=number, advice=EXPORT_AGAIN)


def no_list(member: str) -> NotThisFormat:
    """Return the error for a list of objects of which none is an event.

    Args:
        member: Its name; empty where it has none.
    """
    return NotThisFormat.of(member, "holds no records of events.")


def broken_off(listed: Sequence[object]) -> Unread:
    """Return the gap of a list that ends before its end.

    Args:
        listed: What stands whole in it.
    """
    return Unread(f"the list breaks off after {len(listed)} whole events", advice=EXPORT_AGAIN)


def events_of(listed: Sequence[Listed], unread: Iterable[Unread] = ()) -> Reading:
    """Return listed events, oldest first; records without a number are numbered in that order.

    Times that are local are kept in `recorded_at` and `at` as they were written, with `clock` unknown:
    `clock.place_listed` moves them where the device's zone is known.

    Args:
        listed: In the order of the list.
        unread: What could not be read of it.
    """
    times = read_times([each.cells.get("at") or "" for each in listed])
    order = _oldest_first(times.at)
    rows = [_row(listed[place], times.at[place], local=times.local[place]) for place in order]
    numbers = [row["record"] for row in rows]
    if None in numbers or len(set(numbers)) < len(numbers):
        rows = [{**row, "record": number} for number, row in enumerate(rows, 1)]
    names = dict.fromkeys(name for row in rows for name in row)
    events = rows_of("events", {name: [row[name] for row in rows] for name in names})
    codes = result_codes(events.select(CODE_FIELD).to_series().rename("code"))
    events = events.with_columns(codes).sort("record", maintain_order=True)
    written = any(each.cells.get("at") for each, at in zip(listed, times.at, strict=True) if at is None)
    return Reading({"events": events}, (*unread, *_doubts(times, events, TELL if written else SAVE_IT)))


def _row(event: Listed, at: datetime | None, *, local: bool) -> dict[str, Any]:
    cells = event.cells
    numbers = {name: _number(cells.get(name)) for name in NUMBERS}
    texts = {name: cells.get(name) or None for name in ("channel", "computer", "user_sid")}
    named = full_name(cells.get("provider") or "")
    worded = named or provider_of_message((cells.get("message") or "").strip())
    provider = worded or provider_of_channel(texts["channel"] or "")
    event_id = numbers["event_id"]
    known = channel_of_event(provider, event_id) if provider and event_id is not None else None
    return {
        **numbers,
        **texts,
        "recorded_at": at,
        "at": at,
        "clock": DECLARED if at and not local else NOT_KNOWN,
        "channel": texts["channel"] or known,
        "provider": provider,
        "level": level_of(cells.get("level") or ""),
        "activity_id": (cells.get("activity_id") or "").strip("{}").upper() or None,
        "data": fields_of(
            provider, event_id, cells.get("message"), event.values, more=_session(cells, provider)
        ),
    }


def _session(cells: Mapping[str, str | None], provider: str | None) -> dict[str, str]:
    """Return that a record of Entra's log is of the session of an Entra account, where a name shows it."""
    of_entra = (provider or "").lower() == ENTRA_LOG and (cells.get("user") or "").lower().startswith(
        ENTRA_ACCOUNT
    )
    return dict([SESSION_OF_ENTRA]) if of_entra else {}


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _oldest_first(times: list[datetime | None]) -> list[int]:
    """Return the places of a list's rows from the oldest on.

    A list in the order of its log is turned round where the newest stand first: that keeps the order within a
    second; one that was sorted by something else is put in order of time.
    """
    dated = [at for at in times if at is not None]
    steps = list(pairwise(dated))
    rising, falling = (sum(a < b for a, b in steps), sum(a > b for a, b in steps))
    places = list(range(len(times)))
    if min(rising, falling) * 10 > len(steps):
        first = min(dated)
        return sorted(places, key=lambda place: times[place] or first)
    return places if rising > falling else places[::-1]


def _doubts(times: Times, events: pl.DataFrame, advice: str) -> Iterable[Unread]:
    """Yield what must be said of a list beside what could not be read of it.

    Args:
        times: Of the list.
        events: The rows.
        advice: What makes the times of those readable that have none.
    """
    undated, nameless = events["recorded_at"].null_count(), events["provider"].null_count()
    if undated:
        yield Unread("events whose time is not shown, or cannot be read", count=undated, advice=advice)
    if nameless:
        yield Unread(NAMELESS, count=nameless, advice=NAME_THEM)
    if times.doubt:
        yield Unread(DOUBTFUL.format(order=times.doubt), count=sum(times.local), advice=TELL)

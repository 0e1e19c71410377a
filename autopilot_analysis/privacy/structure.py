"""Identifiers that only the structure around them gives away: telemetry rows, the keys of an enrolment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from autopilot_analysis.facts import read_facts

TELEMETRY = r'"Colmetadata"\s?:\s?"[^"\\]+"(?:\s?,\s?"Col\d+"\s?:\s?"(?:[^"\\]|\\.)*")+'
"""A row of the agent's telemetry: the names of its columns in one field, their values in Col1, Col2 …"""

CELL = re.compile(r'"Col(\d{1,3})"\s?:\s?"((?:[^"\\]|\\.)*+)"')
ENROLMENT = r"(?i)\\Enrollments\\(?:Context\\|Status\\)?\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
OWNED = ("upn", "aadtenantid", "dmpcertthumbprint")
"""Values that only the enrolment of a person or an organisation has; Windows brings others along."""


def named_cells(rows: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each filled cell of telemetry rows.

    Args:
        rows: Texts that match `TELEMETRY`.
    """
    for row in rows:
        names = row.split('"', 4)[3].split(";")
        for number, value in CELL.findall(row):
            place = int(number) - 1
            if value and 0 <= place < len(names):
                yield names[place], value


def enrolments(frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Yield the ids of enrolments that belong to somebody, from the registry keys named after them.

    Args:
        frames: Frames under their tables' names; those with key, name and value are read.
    """
    for frame in frames.values():
        if not {"key", "name", "value"} <= set(frame.columns):
            continue
        owned = frame.filter(pl.col("name").str.to_lowercase().is_in(OWNED) & (pl.col("value") != ""))
        for name in owned["key"].str.extract(ENROLMENT).drop_nulls().unique(maintain_order=True):
            yield "id", name


def named_fields(frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Yield kind and value of the fields that name somebody in one event, and nothing in another.

    Args:
        frames: Frames under their tables' names; those with provider, event_id and data are read.
    """
    facts = read_facts("named_fields").with_columns(pl.col("event_id").cast(pl.Int64))
    for frame in frames.values():
        if not {"provider", "event_id", "data"} <= set(frame.columns):
            continue
        events = frame.select("provider", "event_id", "data").unique()
        named = events.join(facts.rename({"event_id": "only"}), on="provider")
        named = named.filter(pl.col("only").is_null() | (pl.col("only") == pl.col("event_id")))
        for field, kind, data in named.select("field", "kind", "data").rows():
            name, _, place = field.partition(".")
            value = _loaded(data).get(name)
            if place and isinstance(value, list) and int(place) < len(value):
                value = value[int(place)]
            if isinstance(value, str) and value:
                yield kind, value


def _loaded(data: str | None) -> dict[str, object]:
    try:
        loaded = json.loads(data or "{}")
    except json.JSONDecodeError:
        return {}
    return loaded if isinstance(loaded, dict) else {}

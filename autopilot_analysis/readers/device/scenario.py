"""Which scenario a device went through, by the signs of facts/scenarios.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.readers.device.rows import named

BITS = "bits:"
"""What begins a pattern that is a mask of bits."""
FACTS_IN = (("registry", "registry_values", "key"), ("property", "properties", "section"))


@cache
def _facts(kind: str) -> tuple[dict[str, Any], ...]:
    """Return the signs of a kind, each with one provider."""
    facts = one_each(read_facts("scenarios"), "provider")
    return tuple(facts.filter(pl.col("kind") == kind).iter_rows(named=True))


def scenario_signs(frames: Mapping[str, pl.DataFrame]) -> list[tuple[int, str]]:
    """Return (rank, scenario) of every sign that shows.

    Args:
        frames: The capture's rows, by table.
    """
    shown = [*_of_events(frames["events"])]
    for kind, table, place in FACTS_IN:
        shown += _of_values(kind, frames[table], place)
    fitting = (fact for fact in shown if _fits(frames["events"], fact["beside"], fact["unless"]))
    return sorted((int(fact["rank"]), str(fact["scenario"])) for fact in fitting)


def _of_events(events: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the signs that event records show."""
    facts = _facts("event")
    rows = events.filter(pl.col("event_id").is_in([int(fact["event_id"]) for fact in facts])).select(
        provider=pl.col("provider").str.to_lowercase(),
        channel=pl.col("channel").str.to_lowercase(),
        event_id="event_id",
        text=pl.col("data").fill_null(""),
    )
    happened = {str(number) for number in rows["event_id"].unique()}
    return _shown(rows, [fact for fact in facts if fact["event_id"] in happened])


def _of_values(kind: str, frame: pl.DataFrame, place: str) -> list[dict[str, Any]]:
    """Return the signs that properties, or values of the registry, show."""
    facts = _facts(kind)
    named_so = named(frame, (place, "name", "value"), sorted({fact["name"] for fact in facts}))
    rows = named_so.rename({"value": "text"}).with_columns(pl.col("text").fill_null(""))
    there = rows["name"].unique().to_list()
    return _shown(rows, [fact for fact in facts if any(re.search(fact["name"], name) for name in there)])


def _shown(rows: pl.DataFrame, facts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the signs that a row shows, all looked for at once."""
    if not facts:
        return []
    found = rows.select(
        (_is_of(fact) & _shows(fact["pattern"])).any().alias(str(at)) for at, fact in enumerate(facts)
    )
    return [fact for fact, shows in zip(facts, found.row(0), strict=True) if shows]


def _is_of(fact: Mapping[str, Any]) -> pl.Expr:
    """Tell which rows a sign speaks of."""
    if fact["kind"] == "event":
        own: pl.Expr = (pl.col("event_id") == int(fact["event_id"])) & (
            pl.col("provider") == fact["provider"]
        )
        return own & pl.col("channel").str.contains(fact["place"]) if fact["place"] else own
    return pl.col("name").str.contains(fact["name"]) & pl.col("place").str.contains(fact["place"] or "")


def _shows(pattern: str | None) -> pl.Expr:
    """Tell which texts fit a pattern, or have the bits of `bits:` set; without a pattern any does."""
    text = pl.col("text")
    if pattern is None:
        return pl.lit(value=True)
    if pattern.startswith(BITS):
        mask = int(pattern.removeprefix(BITS))
        return (text.cast(pl.Int64, strict=False) & mask) == mask
    return text.str.contains(pattern)


def _fits(events: pl.DataFrame, beside: str | None, unless: str | None) -> bool:
    """Whether an event that a sign needs is there and none that speaks against it ("provider/id data")."""
    if beside is None and unless is None:
        return True
    texts = events.select(
        pl.concat_str(
            pl.col("provider").str.to_lowercase(),
            pl.lit("/"),
            "event_id",
            pl.lit(" "),
            pl.col("data").fill_null(""),
        )
    ).to_series()
    present, against = (bool(texts.str.contains(sign).any()) if sign else None for sign in (beside, unless))
    return present is not False and not against

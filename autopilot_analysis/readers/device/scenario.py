"""Which scenario a device went through, by the signs of facts/scenarios.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import polars as pl

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.readers.device.rows import named

FACTS_IN = (("registry", "registry_values", "key"), ("property", "properties", "section"))


@cache
def _scenarios() -> pl.DataFrame:
    return one_each(read_facts("scenarios"), "provider")


def scenario_signs(frames: Mapping[str, pl.DataFrame]) -> list[tuple[int, str]]:
    """Return (rank, scenario) of every sign that shows.

    Args:
        frames: The capture's rows, by table.
    """
    signs = []
    facts = _scenarios()
    ids = facts["event_id"].drop_nulls().cast(pl.Int64).unique()
    events = (
        frames["events"]
        .filter(pl.col("event_id").is_in(ids.implode()))
        .select(
            provider=pl.col("provider").str.to_lowercase(),
            channel=pl.col("channel").str.to_lowercase(),
            event_id="event_id",
            data=pl.col("data").fill_null(""),
        )
    )
    happened = {str(number) for number in events["event_id"].unique()}
    names = facts["name"].drop_nulls().unique().sort()
    places = {
        kind: named(frames[table], (place, "name", "value"), names).with_columns(
            pl.col("value").fill_null("")
        )
        for kind, table, place in FACTS_IN
    }
    there = {kind: rows["name"].unique().to_list() for kind, rows in places.items()}
    for fact in facts.iter_rows(named=True):
        if fact["kind"] == "event":
            if fact["event_id"] not in happened:
                continue
            hits = events.filter(
                (pl.col("event_id") == int(fact["event_id"])) & (pl.col("provider") == fact["provider"])
            )
            if fact["place"]:
                hits = hits.filter(pl.col("channel").str.contains(fact["place"]))
            texts = hits["data"]
        else:
            rows = places[fact["kind"]]
            if not any(re.search(fact["name"], name) for name in there[fact["kind"]]):
                continue
            texts = rows.filter(
                pl.col("name").str.contains(fact["name"]), pl.col("place").str.contains(fact["place"] or "")
            )["value"]
        if _shows(texts, fact["pattern"]) and _fits(frames["events"], fact["beside"], fact["unless"]):
            signs.append((int(fact["rank"]), str(fact["scenario"])))
    return sorted(signs)


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


def _shows(texts: pl.Series, pattern: str | None) -> bool:
    if texts.is_empty():
        return False
    if pattern is None:
        return True
    if pattern.startswith("bits:"):
        mask = int(pattern.removeprefix("bits:"))
        return any(int(text) & mask == mask for text in texts if text.isdecimal())
    return bool(texts.str.contains(pattern).any())

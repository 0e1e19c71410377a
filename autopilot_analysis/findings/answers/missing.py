"""What was not seen of what would decide, and how to ask the device's owner for it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.export.sources import expected_in, first_rows
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.not_run import sources_asked
from autopilot_analysis.findings.relations import explanations
from autopilot_analysis.findings.rules.evidence import DECISIVE
from autopilot_analysis.findings.words import words
from autopilot_analysis.tables import Tables
from autopilot_analysis.tables.capture import ABSENT, HELD, NOT_WHOLE


def unseen_that_matters(
    tables: Tables, device: str, stage: str | None, *, outcome: str, unsure: str | None = None
) -> pl.DataFrame:
    """Return the sources that were absent or cut and that could tell more of this: source, title, presence.

    Where a stage is known to have gone wrong these are the sources of that stage's rules; where the outcome
    is unknown, the ones without which nothing can be ruled out, those too that no export of this kind holds,
    such as a log that was handed in alone; after a success none. Where the answer is not sure, those too of
    the rules that would explain what leads it and could not be asked.

    Args:
        tables: What `read_tables` returned.
        device: Whose coverage.
        stage: Where it went wrong, if known.
        outcome: As `conclude` says it.
        unsure: The rule of the finding that leads the answer, where that finding is not sure.
    """
    wanted: set[str] = set()
    if outcome in ("failed", "unfinished") and stage:
        needs = words().filter(pl.col("stage") == stage)["needs"].drop_nulls()
        wanted = set(needs.str.split(" ").explode()) & sources_asked()
    elif outcome != "succeeded":
        wanted = set(DECISIVE)
    titles = first_rows().select("source", "title")
    own = tables.coverage.filter(pl.col("device") == device).select(
        "source", pl.col("presence").cast(pl.String)
    )
    there = set(own.filter(pl.col("presence").is_in(HELD))["source"])
    would_explain = _would_explain(unsure, there) if unsure else set()
    wanted |= would_explain
    beyond = set(DECISIVE) if outcome in ("unfinished", "unknown") else set()
    never = sorted(wanted & (beyond | would_explain) - set(own["source"]))
    unread = pl.DataFrame({"source": never, "presence": [ABSENT] * len(never)}, schema=own.schema)
    return (
        pl.concat([own, unread])
        .filter(pl.col("presence").is_in(NOT_WHOLE), pl.col("source").is_in(wanted))
        .join(titles, on="source", how="left")
        .with_columns(title=pl.col("title").fill_null(pl.col("source")))
        .select("source", "title", "presence")
        .unique("title", keep="first", maintain_order=True)
        .sort("title")
    )


def _would_explain(rule: str, there: set[str]) -> set[str]:
    """Return the sources of the rules that explain another and of which nothing is there to ask them."""
    explaining = explanations().filter(pl.col("consequence") == rule)["cause"]
    needs = words().filter(pl.col("rule").is_in(explaining.implode()))["needs"].drop_nulls()
    asked = [set(one.split(" ")) & sources_asked() for one in needs]
    return set().union(*(sources for sources in asked if sources.isdisjoint(there)))


def asks_for(missing: pl.DataFrame) -> list[str]:
    """Return what to send to the device's owner: the fewest ways of collecting that bring what is absent.

    Args:
        missing: What `unseen_that_matters` returned.
    """
    left = set(missing.filter(pl.col("presence") == ABSENT)["source"])
    asks = []
    for way in read_facts("collecting").iter_rows(named=True):
        brought = {source for source in left if _brings(way, source)}
        left -= brought
        asks += [way["ask"]] if brought else []
    return asks


def _brings(way: dict[str, str], source: str) -> bool:
    if way["sources"]:
        return source.startswith(way["sources"])
    return way["way"] in expected_in().get(source, ())

"""Shapes that every source of installs shares: typed rows, details as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import schema_of

UNFIXED = "detection still says no after the fix"
"""Why a remediation failed, by the agent's log and by its report in the registry."""


def to_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with exactly the columns of tables.Install, absent ones null."""
    if frame.is_empty():
        return no_rows()
    there = set(frame.columns)
    return frame.select(
        pl.col(name).cast(kind) if name in there else lacking for name, kind, lacking in _columns()
    )


@cache
def _columns() -> tuple[tuple[str, pl.DataType, pl.Expr], ...]:
    """Return the columns of tables.Install with their types and what stands where one is absent."""
    return tuple((name, kind, pl.lit(None, kind).alias(name)) for name, kind in schema_of("installs").items())


@cache
def reason_of(symbol: str) -> str:
    """Return the reason that facts/install_states.csv gives for a state.

    Args:
        symbol: The state's name there; all rows that have it give one reason.
    """
    return str(read_facts("install_states").filter(symbol=symbol)["reason"][0])


@cache
def no_rows() -> pl.DataFrame:
    """Return installs without a row."""
    return pl.DataFrame(schema=schema_of("installs"))


def to_detail(facts: Mapping[str, object]) -> str | None:
    """Return facts as a JSON object, instants as ISO text, nulls left out; null when nothing is left."""
    known = {name: _plain(value) for name, value in facts.items() if value is not None}
    return json.dumps(known, ensure_ascii=False) if known else None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value

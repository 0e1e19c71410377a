"""The states of an import of devices into Autopilot: rows `importStatus` of `facts/enums.csv`."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts

_STILL = "still going on"
"""The meaning of a state behind which another will follow."""


@cache
def import_states() -> tuple[str, ...]:
    """Return the states as Graph spells them."""
    return tuple(_rows()["name"])


@cache
def unfinished_states() -> tuple[str, ...]:
    """Return those of an import that is still going on."""
    return tuple(_rows().filter(pl.col("meaning") == _STILL)["name"])


def any_import_state() -> str:
    """Return a pattern of the states, as a script shows one on its screen."""
    return "|".join(import_states())


def _rows() -> pl.DataFrame:
    return read_facts("enums").filter(pl.col("enum") == "importStatus")

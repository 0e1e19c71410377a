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


def import_row(serial: str, state: str, code: str | None, name: str | None) -> dict[str, str | None]:
    """Return one device of an import under the names that Graph has for it, whoever tells of it.

    Args:
        serial: Its serial number.
        state: How its import stands.
        code: The number of the error, if one is told.
        name: The error's name.
    """
    return {
        "serialNumber": serial,
        "state.deviceImportStatus": state,
        "state.deviceErrorCode": code,
        "state.deviceErrorName": name,
    }


def _rows() -> pl.DataFrame:
    return read_facts("enums").filter(pl.col("enum") == "importStatus")

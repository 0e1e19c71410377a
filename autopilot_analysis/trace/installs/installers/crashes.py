"""Installers that crashed, as the Application log tells it: which program, of which app, by which error."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from autopilot_analysis.codes import spell
from autopilot_analysis.trace.installs.installers.runs import APP, InstallerRun

FAULT = ("application error", 1000)
EXCEPTION = (".net runtime", 1026)
"""Provider and event of a program that crashed, and of one that an exception of .NET ended."""
TOGETHER = timedelta(seconds=10)
"""How long before the fault of a program the exception that caused it may be written."""
_PROGRAM, _MODULE, _CODE, _PROCESS = 0, 3, 6, 8
"""Places of what a fault tells among its values (Windows Error Reporting writes them in this order)."""
_PROGRAM_OF = r"(?m)^Application: (.+?)\s*$"
_INFO = r"(?m)^Exception Info: (.+?)\s*$"


def read_crashes(events: pl.DataFrame) -> list[InstallerRun]:
    """Return the programs that crashed, in the order of events, each as the run of an installer.

    Args:
        events: The table `events`.

    Returns:
        Runs of the family `crash`: the app by the folder of the agent's cache that the program lay in, null
        for any other program; the exception's code as exit code; the exception of .NET as cause where one
        was written, else the fault.
    """
    near = events.filter(pl.col("event_id").is_in([FAULT[1], EXCEPTION[1]]), pl.col("at").is_not_null())
    named = near.with_columns(low=pl.col("provider").str.to_lowercase())
    kinds = {
        kind: named.filter(pl.col("low") == kind[0], pl.col("event_id") == kind[1]).sort(
            "at", maintain_order=True
        )
        for kind in (FAULT, EXCEPTION)
    }
    exceptions = kinds[EXCEPTION].with_columns(
        program=pl.col("data").str.json_path_match("$.Data[0]").str.extract(_PROGRAM_OF),
        info=pl.col("data").str.json_path_match("$.Data[0]").str.extract(_INFO),
    )
    thrown = exceptions.to_dicts()
    runs = (_run(fault, thrown) for fault in kinds[FAULT].iter_rows(named=True))
    return [run for run in runs if run is not None]


def _run(fault: dict[str, Any], thrown: Sequence[dict[str, Any]]) -> InstallerRun | None:
    values = _values(fault["data"])
    if len(values) <= _PROCESS or (code := _hex(values[_CODE])) is None:
        return None
    program = values[_PROGRAM]
    own = _exception(program, fault, thrown)
    app = next((found[1].lower() for value in values if (found := APP.search(value))), None)
    at: datetime = fault["at"].replace(tzinfo=None)
    return InstallerRun(
        device=fault["device"],
        member=(own or fault)["member"],
        family="crash",
        app=app,
        product=None,
        name=program,
        process=_hex(values[_PROCESS]),
        began=at,
        ended=at,
        exit_code=code - (1 << 32) if code >> 31 else code,
        cause=f"{program} ended by an exception of .NET: {own['info']}"
        if own
        else f"{program} crashed in {values[_MODULE]}, exception {spell(code)}",
        cause_record=(own or fault)["record"],
    )


def _exception(
    program: str, fault: dict[str, Any], thrown: Sequence[dict[str, Any]]
) -> dict[str, Any] | None:
    """Return the exception of .NET that was written of a program just before its fault."""
    before = (
        one
        for one in reversed(thrown)
        if one["device"] == fault["device"] and one["program"] == program and one["info"] is not None
    )
    return next((one for one in before if timedelta(0) <= fault["at"] - one["at"] <= TOGETHER), None)


def _values(data: str | None) -> list[str]:
    """Return the values of a fault in their order, whether the event names its fields or not."""
    fields = json.loads(data or "{}")
    plain = fields.get("Data")
    values = plain if isinstance(plain, list) else list(fields.values())
    return [str(value) for value in values]


def _hex(text: str) -> int | None:
    try:
        return int(text, 16)
    except ValueError:
        return None

"""Errors that PowerShell shows of a script, where nothing else failed: the script's, and no device's."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.facts.error_records import ScriptError, script_error
from autopilot_analysis.findings.answers.answer import Line

QUOTED = 120
"""So many signs of what an error says stand in a verdict."""
MOST = 3
"""So many errors are told one by one."""
NO_DEVICE = "that a device failed is not shown"


def script_verdict(errors: pl.DataFrame) -> str:
    """Return the verdict on errors of scripts; empty where another error is among them, or none at all.

    Args:
        errors: What `unexplained` returned.
    """
    met = _of_scripts(errors)
    if not met:
        return ""
    first = met[0]
    more = f", and {wording.count(len(met) - 1, 'more error')}" if len(met) > 1 else ""
    words = quoting.cut(first.message.rstrip("."), QUOTED)
    return f"The script {first.name} met an error: {words}{more}; {NO_DEVICE}"


def script_lines(errors: pl.DataFrame) -> Iterator[Line]:
    """Yield where the first few errors of scripts were met.

    Args:
        errors: What `unexplained` returned.
    """
    for one in _of_scripts(errors)[:MOST]:
        words = quoting.in_quotes(quoting.cut(one.message.rstrip("."), QUOTED))
        yield Line(f"In {one.script}, line {one.line}, {one.command} reported: {words}.")


def script_remedies(errors: pl.DataFrame) -> Iterator[Line]:
    """Yield what to do about each script that met an error.

    Args:
        errors: What `unexplained` returned.
    """
    places: dict[str, int] = {}
    for one in _of_scripts(errors):
        places.setdefault(one.name, one.line)
    for name, line in list(places.items())[:MOST]:
        yield Line(
            f"Look at line {line} of {name} and at what it was given, or ask whoever maintains it for a "
            "newer version.",
            "remedy",
        )


def _of_scripts(errors: pl.DataFrame) -> list[ScriptError]:
    """Return the errors, where each is one of a script."""
    met = [script_error(quote) for quote in errors["quote"]]
    return [] if None in met else [one for one in met if one is not None]

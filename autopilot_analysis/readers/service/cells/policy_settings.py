"""The settings inside the state of a policy on one device -> which of them is at odds, and with what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

CONFLICT = "conflict"
AT_ODDS = (CONFLICT, "error", "noncompliant")
"""States of a setting for which its policy is not met (Graph: complianceStatus), in lower case."""
APART, SET_BY, AND_BY = "; ", " (set by ", " and by "
"""How settings stand apart in words, and the policies that set one of them."""


def settings_at_odds(settings: pl.Series) -> pl.Series:
    """Return in words which settings are at odds, and which policies set them; null where none is.

    Args:
        settings: Lists of settings as JSON, as Graph nests them.
    """
    return pl.Series(
        settings.name, [APART.join(_at_odds(text)) or None for text in settings], dtype=pl.String
    )


def _at_odds(text: str | None) -> Iterator[str]:
    try:
        settings = json.loads(text or "")
    except (ValueError, RecursionError):
        return
    for one in settings if isinstance(settings, list) else ():
        if not isinstance(one, dict) or str(one.get("state")).lower() not in AT_ODDS:
            continue
        name = one.get("settingName") or one.get("setting") or one.get("settingInstanceId") or "a setting"
        among = AND_BY.join(_sources(one.get("sources")))
        yield f"{name}: {one['state']}{f'{SET_BY}{among})' if among else ''}"


def _sources(sources: Any) -> list[str]:
    """Return what the policies that set a setting are called, each policy once."""
    known = [one for one in sources if isinstance(one, dict)] if isinstance(sources, list) else []
    names = {str(one.get("id") or name): str(name) for one in known if (name := _called(one))}
    return list(names.values())


def _called(source: Mapping[str, Any]) -> Any:
    return source.get("displayName") or source.get("id")


def set_by_several(text: str | None) -> dict[str, tuple[str, ...]]:
    """Return the settings in conflict that a text names more than one policy of, with what these are called.

    Args:
        text: What `settings_at_odds` wrote.
    """
    found = {}
    for piece in (text or "").split(APART):
        words, known, names = piece.removesuffix(")").partition(SET_BY)
        setting, _, state = words.rpartition(": ")
        policies = tuple(names.split(AND_BY))
        if known and state.lower() == CONFLICT and len(policies) > 1:
            found[setting] = policies
    return found

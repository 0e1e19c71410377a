"""The settings inside the state of a policy on one device -> which of them is at odds, and with what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

AT_ODDS = ("conflict", "error", "noncompliant")
"""States of a setting for which its policy is not met (Graph: complianceStatus), in lower case."""


def settings_at_odds(settings: pl.Series) -> pl.Series:
    """Return in words which settings are at odds, and which policies set them; null where none is.

    Args:
        settings: Lists of settings as JSON, as Graph nests them.
    """
    return pl.Series(settings.name, ["; ".join(_at_odds(text)) or None for text in settings], dtype=pl.String)


def _at_odds(text: str | None) -> Iterator[str]:
    try:
        settings = json.loads(text or "")
    except (ValueError, RecursionError):
        return
    for one in settings if isinstance(settings, list) else ():
        if not isinstance(one, dict) or str(one.get("state")).lower() not in AT_ODDS:
            continue
        name = one.get("settingName") or one.get("setting") or one.get("settingInstanceId") or "a setting"
        among = ", ".join(_sources(one.get("sources")))
        yield f"{name}: {one['state']}{f' (set by {among})' if among else ''}"


def _sources(sources: Any) -> Iterator[str]:
    for one in sources if isinstance(sources, list) else ():
        if isinstance(one, dict) and (name := one.get("displayName") or one.get("id")):
            yield str(name)

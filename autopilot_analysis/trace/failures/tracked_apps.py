"""What came of the apps that the status page tracks, as Windows and the agent tell it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.guids import GUID

APP_FAILED, APP_DONE, PAGE_APP = "app_failed", "app_done", "page_app"
"""Marks of an app that the page tracks, as Windows writes them, and the edge of one as the agent does."""
IN_ERROR = {"Error": True, "Completed": False}
"""What the agent tells the page of an app, and whether the page fails for it."""


def with_tracked_apps(marks: pl.DataFrame) -> pl.DataFrame:
    """Return marks with the app of which each tells the page, and whether that one is in error.

    Args:
        marks: With mark, edge and detail.

    Returns:
        They with app (in small letters) and in_error; both null on other marks, in_error also while an app
        is under way.
    """
    text, by_agent = pl.col("detail"), pl.col("edge") == PAGE_APP
    named = text.str.extract(r'"Message2":\s*"([^"]+)"').str.to_lowercase()
    by_windows = pl.col("mark").is_in([APP_FAILED, APP_DONE])
    state = text.str.extract(r" to (\w+) for application").replace_strict(IN_ERROR, default=None)
    return marks.with_columns(
        app=pl.when(by_agent)
        .then(text.str.extract(f"for application ({GUID})").str.to_lowercase())
        .when(by_windows)
        .then(pl.coalesce(named.str.extract(f"({GUID})"), named)),
        in_error=pl.when(by_agent).then(state).when(by_windows).then(pl.col("mark") == APP_FAILED),
    )

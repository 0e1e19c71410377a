"""What came of the apps that the status page tracks, and the phases that stand still for one in error."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.guids import GUID

APP_FAILED, APP_DONE, PAGE_APP = "app_failed", "app_done", "page_app"
"""Marks of an app that the page tracks, as Windows writes them, and the edge of one as the agent does."""
IN_ERROR = {"Error": True, "Completed": False}
"""What the agent tells the page of an app, and whether the page fails for it."""
_PLACE = ["device", "stage"]
_NOTED = {"noted": "code", "noted_member": "member", "noted_record": "record"}


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


def find_page_failures(found: pl.DataFrame) -> pl.DataFrame:
    """Return device, stage, state (failed) and code of the phases that a tracked app in error holds.

    The agent's last word on the app counts, and only where the next phase did not begin after it.

    Args:
        found: What `find_marks` returned.

    Returns:
        The columns of `find_registry_outcomes`, which `settle` takes, one row a device and phase.
    """
    apps = found.filter(pl.col("edge") == PAGE_APP)
    if apps.is_empty():
        return apps.select(*_PLACE, state=pl.lit("failed"), **_NOTED)
    words = with_tracked_apps(apps)
    begun = (
        found.filter(pl.col("stage") == "account_setup", pl.col("edge") == "start")
        .group_by("device")
        .agg(account_at=pl.col("at").min())
    )
    stopped = (
        words.group_by("device", "app", maintain_order=True)
        .last()
        .filter("in_error")
        .join(begun, on="device", how="left", maintain_order="left")
    )
    account = (pl.col("at") > pl.col("account_at")).fill_null(value=False)
    stage = pl.when(account).then(pl.lit("account_setup")).otherwise(pl.lit("device_setup"))
    still = stopped.filter(account | pl.col("account_at").is_null()).with_columns(
        stage=stage.cast(found.schema["stage"])
    )
    return still.unique(_PLACE, keep="first", maintain_order=True).select(
        *_PLACE, state=pl.lit("failed"), **_NOTED
    )

"""Phases of the status page that stand still for an app in error, as the agent's log tells it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.failures.tracked_apps import PAGE_APP, with_tracked_apps
from autopilot_analysis.trace.outcomes.registry_outcomes import NOTED

_PLACE = ["device", "stage"]


@once_where_empty
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
        return apps.select(*_PLACE, state=pl.lit("failed"), **NOTED)
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
        *_PLACE, state=pl.lit("failed"), **NOTED
    )

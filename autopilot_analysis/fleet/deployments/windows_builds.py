"""The build of Windows without its update: 19045 of 19045.6456, so that one Windows is one value."""

from __future__ import annotations

import polars as pl

WINDOWS_BUILD = "windows_build"
"""The column that says it; beside those of the table, where builds differ by their updates alone."""
LEAST_UPDATES = 2
"""A build with fewer updates beside each other is the same group under another name, and none of its own."""


def with_windows_builds(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return deployments with `windows_build`: the number before the update, where several updates share it.

    Each update is still compared as `build`: one alone may be bad, and its siblings well.

    Args:
        deployments: One attempt a row; as they are where they say it already, or all are of one build.
    """
    if WINDOWS_BUILD in deployments.columns or deployments.schema.get("build") != pl.String:
        return deployments
    builds = deployments.select(pl.col("build").str.extract(r"^(\d+)\.\d+$").alias(WINDOWS_BUILD), "build")
    updates = builds.drop_nulls(WINDOWS_BUILD).unique().group_by(WINDOWS_BUILD).len()
    several = updates.filter(pl.col("len") >= LEAST_UPDATES)[WINDOWS_BUILD]
    if several.is_empty() or updates.height < 2:
        return deployments
    shared = pl.when(pl.col(WINDOWS_BUILD).is_in(several.implode())).then(WINDOWS_BUILD)
    return deployments.hstack(builds.select(shared.alias(WINDOWS_BUILD)))

"""Life of the agent from its own logs: its starts and versions, restarts of Windows, space on the disk."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock import best_instant
from autopilot_analysis.tables.story import BOOT, SHUTDOWN
from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.installs.agent.messages import find_messages
from autopilot_analysis.trace.steps.rows import NO_STEPS, as_steps

WORDS = ["EMS Agent ", "Agent version is", "availableFreeSpace"]
"""Literals of facts/ime_patterns.csv that the shapes read here contain: only such lines are looked at."""
LEAST_CHANGE = 1024
"""Megabytes by which free space must change to be told again."""
VERSION_WITHIN = timedelta(minutes=2)
"""Within this time after its start the agent says its version."""


@once_where_empty
def find_agent_steps(log_lines: pl.DataFrame, boots: pl.DataFrame) -> pl.DataFrame:
    """Return starts of the agent, what it tells of restarts that no event log tells, and free disk space.

    An agent that heard Windows shut down and then started has seen a restart; the service starts some time
    after Windows.

    Args:
        log_lines: The table `log_lines`.
        boots: device and `at` of the starts of Windows that events and traces tell.

    Returns:
        Columns device, at, kind (agent_start, shutdown, boot or disk_space), detail, member, record.
    """
    lines = find_messages(log_lines.filter(pl.col("message").str.contains_any(WORDS)))
    if lines.is_empty():
        return NO_STEPS
    return pl.concat([_starts(lines), _restarts(lines, boots), _space(lines)])


def _starts(lines: pl.DataFrame) -> pl.DataFrame:
    """Return each start of the agent with the version that it says soon after."""
    beginnings = lines.filter(pl.col("pattern").is_in(["agent_started", "agent_version"]))
    here = ["device", "member"]
    version = pl.col("version").backward_fill().over(here, order_by="order")
    moment = best_instant()
    version_at = (
        pl.when(pl.col("version").is_not_null()).then(moment).backward_fill().over(here, order_by="order")
    )
    soon = (version_at - moment).is_between(timedelta(0), VERSION_WITHIN)
    starts = beginnings.with_columns(running=pl.when(soon).then(version)).filter(
        pl.col("pattern") == "agent_started"
    )
    return as_steps(starts, "agent_start", pl.concat_str(pl.lit("version "), "running"))


def _restarts(lines: pl.DataFrame, boots: pl.DataFrame) -> pl.DataFrame:
    """Return the shutdown and the start of each restart that the agent saw and nothing else tells."""
    known = pl.col("pattern").is_in(["agent_started", "agent_shutdown"])
    dated = lines.filter(known, pl.col("at").is_not_null()).sort("device", "at", "order")
    down, up = pl.col("pattern") == "agent_shutdown", pl.col("pattern") == "agent_started"
    marked = dated.with_columns(
        down_at=pl.when(down).then("at").forward_fill().over("device"),
        up_before=pl.when(up).then("at").shift().forward_fill().over("device"),
    )
    fresh = (pl.col("down_at") > pl.col("up_before")).fill_null(value=True)
    starts = marked.filter(up, pl.col("down_at").is_not_null(), fresh)
    restarts = starts.join(boots.select("device", boot_at="at").drop_nulls(), on="device").filter(
        pl.col("boot_at").is_between(pl.col("down_at"), pl.col("at"))
    )
    alone = starts.join(restarts.select("device", "at").unique(), on=["device", "at"], how="anti")
    downs = marked.filter(down).join(alone.select("device", at="down_at"), on=["device", "at"], how="semi")
    return pl.concat(
        [
            as_steps(downs, SHUTDOWN, pl.lit("the agent heard that Windows shuts down")),
            as_steps(alone, BOOT, pl.lit("the agent started after Windows had shut down")),
        ]
    )


def _space(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the free space of each drive that the agent measured, where it changed by a gigabyte or more."""
    spaces = lines.filter(pl.col("pattern") == "free_space").with_columns(
        free=pl.col("number").str.replace_all(",", "", literal=True).cast(pl.Int64, strict=False)
    )
    rows: list[bool] = []
    last: dict[tuple[str, str], int] = {}
    for device, drive, free in spaces.select("device", "name", "free").iter_rows():
        before = last.get((device, drive))
        changed = free is not None and (before is None or abs(free - before) >= LEAST_CHANGE)
        rows.append(changed)
        if changed:
            last[device, drive] = free
    kept = spaces.filter(pl.Series(rows, dtype=pl.Boolean))
    return as_steps(kept, "disk_space", pl.format("{} MB free on {}", "free", "name"))

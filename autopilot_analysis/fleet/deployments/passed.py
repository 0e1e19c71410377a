"""Attempts that were not seen to end, and yet came past the stage in which most of the others failed."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.tables import DEPLOYMENT_OUTCOMES
from autopilot_analysis.tables.story import STAGES

PASSED = "passed_"
"""How the flag begins that names the last stage an unfinished attempt was seen to pass."""
MOSTLY = 0.5
"""The stage of failures is one in which more than this share of them lies."""

_FLAG = rf"\b{PASSED}(\w+)"
_OPEN = "in_progress"
_ORDER = {stage: place for place, stage in enumerate(STAGES)}


def flags_of_passed(runs: pl.DataFrame) -> pl.DataFrame:
    """Return device, attempt and the flag of the last stage that each attempt passed.

    Args:
        runs: The table `stage_runs`.
    """
    well = runs.filter(pl.col("outcome").cast(pl.String) == "succeeded")
    stage = pl.col("stage").cast(pl.String)
    last = stage.sort_by(stage.replace_strict(_ORDER, return_dtype=pl.Int64)).last()
    return well.group_by("device", "attempt").agg(passed=pl.lit(PASSED) + last)


def stage_of_failures(deployments: pl.DataFrame) -> str | None:
    """Return the stage in which most failures lie; None where no stage holds more than half of them.

    Args:
        deployments: One attempt a row.
    """
    if "failed_stage" not in deployments.columns:
        return None
    failed = deployments.filter(pl.col("outcome").cast(pl.String) == "failed")
    stages = failed["failed_stage"].cast(pl.String).drop_nulls().value_counts(sort=True)
    if stages.is_empty() or stages["count"][0] <= MOSTLY * failed.height:
        return None
    return str(stages["failed_stage"][0])


def are_past(deployments: pl.DataFrame) -> pl.Series:
    """Tell which attempts were not seen to end and are past the stage in which most of the others failed.

    Args:
        deployments: One attempt a row.
    """
    stage = stage_of_failures(deployments) if "flags" in deployments.columns else None
    if stage is None:
        return pl.repeat(value=False, n=deployments.height, eager=True)
    passed = pl.col("flags").cast(pl.String).str.extract(_FLAG)
    reached = passed.replace_strict(_ORDER, default=None, return_dtype=pl.Int64) >= _ORDER[stage]
    return deployments.select(reached.fill_null(value=False)).to_series()


def with_passed(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return deployments in which attempts past the stage of most failures count as not failed.

    So that nine that failed in enrolment stand beside the fifteen that enrolled, although the records of
    these end before their deployment did. Their flag still says that they were not seen to end.

    Args:
        deployments: One attempt a row.
    """
    past = are_past(deployments)
    if not past.any():
        return deployments
    outcome = pl.when(past & (pl.col("outcome").cast(pl.String) == _OPEN)).then(pl.lit("succeeded"))
    kept = outcome.otherwise(pl.col("outcome").cast(pl.String))
    return deployments.with_columns(outcome=kept.cast(pl.Enum(DEPLOYMENT_OUTCOMES)))


def past_the_stage(deployments: pl.DataFrame) -> str:
    """Return where those that failed did so, and how many passed it and were not seen to end.

    Args:
        deployments: One attempt a row, some of them past the stage of most failures.
    """
    failed = deployments.filter(pl.col("outcome").cast(pl.String) == "failed")
    stage = stage_of_failures(deployments)
    inside = failed.filter(pl.col("failed_stage").cast(pl.String) == stage).height
    where = f" in {wording.words(stage or '')}"
    whose = where if inside == failed.height else f", {inside:,} of them{where}"
    past = int(are_past(deployments).sum())
    return f"{whose}; {past:,} passed it and {'was' if past == 1 else 'were'} not seen to end"

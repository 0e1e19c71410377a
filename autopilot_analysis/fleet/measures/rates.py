"""How often it ends how: shares with Wilson intervals, and failures from the most frequent down."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from autopilot_analysis.codes import explain_codes
from autopilot_analysis.errors import UnknownName
from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, with_columns_of
from autopilot_analysis.fleet.intervals import HITS, ROWS, count_alike, with_shares
from autopilot_analysis.tables import DEPLOYMENT_OUTCOMES
from autopilot_analysis.tables.outcomes import ENDED

OF_A_CODE = ("family", "symbol")
"""Columns of a failure that a code tells from others."""
FAILURES = ("n", "k", "share", "low", "high", "cumulative", "devices", "first_at", "last_at")
FAILURE_RATES = ("failure", "n", "k", "share", "low", "high")
"""Columns of a failure, and of its rate in a group, beside those that tell failures or groups apart."""


def clean_outcome(*, clean: bool) -> pl.Expr:
    """Return the outcome as text; with `clean`, a success flagged `not_clean` counts as failed.

    Args:
        clean: Whether going on past a timeout or a failed stage spoils a success.
    """
    outcome = pl.col("outcome").cast(pl.String)
    if not clean:
        return outcome
    spoilt = (outcome == "succeeded") & pl.col("flags").cast(pl.String).str.contains(
        "not_clean", literal=True
    )
    return pl.when(spoilt).then(pl.lit("failed")).otherwise(outcome)


@answers_in_kind
def measure_rates(
    deployments: pl.DataFrame, *, by: str | Sequence[str] = (), outcome: str = "failed", clean: bool = False
) -> pl.DataFrame:
    """Return how many of the ended attempts ended so, with Wilson intervals.

    Attempts of one device are alike: the interval is that of so many attempts divided by `design`, the
    variance when whole devices are drawn against that of independent attempts, and more where few devices
    show most of it (see `intervals.interval_design`).

    Args:
        deployments: One attempt a row.
        by: Columns to group by.
        outcome: succeeded, failed or abandoned.
        clean: Count a success that went on past a timeout or a failed stage as failed.

    Returns:
        A row for each group: the columns of `by`, `n` (ended attempts), `k`, `share`, `low`, `high`, `open`
        (attempts in progress or unknown, in no rate), `design` (attempts that tell as much as one).

    Raises:
        UnknownName: No such column or outcome.
    """
    if outcome not in DEPLOYMENT_OUTCOMES:
        raise UnknownName.among("outcome", outcome, DEPLOYMENT_OUTCOMES)
    frame = with_columns_of(deployments, ("outcome", "flags"))
    names = columns_of(frame, by)
    ending = clean_outcome(clean=clean).fill_null("unknown").alias("ending")
    device = ["device"] if "device" in frame.columns else []
    keyed, keys = _keyed(frame, names)
    endings = keyed.select(*keys, *device, ending)
    hit = pl.when(pl.col("ending") == outcome).then(pl.lit(outcome)).alias("hit")
    ended = pl.col("ending").is_in(ENDED)
    wholes, hits = count_alike(endings.filter(ended).with_columns(hit), keys, "hit")
    counted = endings.group_by(keys).agg(open=(~ended).sum().cast(pl.Int64))
    for other in (wholes, hits):
        counted = counted.join(other, on=keys, how="left", nulls_equal=True)
    counted = counted.sort(keys, nulls_last=True).with_columns(pl.col(*ROWS, *HITS).fill_null(0))
    named = [pl.col(key).alias(name) for key, name in zip(keys, names, strict=False)]
    return with_shares(counted).select(*named, "n", "k", "share", "low", "high", "open", "design")


def _keyed(frame: pl.DataFrame, names: list[str]) -> tuple[pl.DataFrame, list[str]]:
    """Return a frame with the columns it is grouped by under names of their own, one where there is none."""
    keys = {f"by {name}": pl.col(name) for name in names} or {"by": pl.lit(0)}
    return frame.with_columns(**keys), list(keys)


@answers_in_kind
def measure_failures(
    deployments: pl.DataFrame, *, by: str | Sequence[str] = ("failed_stage", "code"), clean: bool = False
) -> pl.DataFrame:
    """Return what fails, most frequent first, with the share of all failures and the running total.

    Failures of one device are alike: intervals are those of fewer failures, as in `measure_rates`.

    Args:
        deployments: One attempt a row.
        by: What tells one failure from another.
        clean: Count a success that went on past a timeout or a failed stage as a failure.

    Returns:
        The columns of `by`, `n` (all failures), `k` (these), `share`, `low`, `high`, `cumulative` (share of
        this row and all above), `devices`, `first_at`, `last_at`; with `code` among `by` also its `family`
        and `symbol`.

    Raises:
        UnknownName: No such column.
    """
    frame = with_columns_of(deployments, ("device", "outcome", "flags", "failed_stage", "code", "started_at"))
    names = columns_of(frame, by)
    failures = frame.filter(clean_outcome(clean=clean) == "failed").with_columns(
        all=pl.lit(0), hit=pl.lit(value=True)
    )
    wholes, alike = count_alike(failures, ["all"], *names, "hit")
    counted = failures.group_by(*names, "hit").agg(
        pl.col("device").n_unique().cast(pl.Int64).alias("devices"),
        pl.col("started_at").min().alias("first_at"),
        pl.col("started_at").max().alias("last_at"),
    )
    counted = counted.join(alike, on=[*names, "hit"], how="left", nulls_equal=True).join(wholes, how="cross")
    ordered = counted.sort("k", *names, descending=[True, *[False] * len(names)], nulls_last=True)
    running = pl.col("k").cum_sum() / pl.col("n")
    measured = with_shares(ordered).with_columns(cumulative=running).select(*names, *FAILURES)
    if "code" not in names:
        return measured
    return measured.with_columns(explain_codes(measured["code"]).select(OF_A_CODE))


@answers_in_kind
def measure_failure_rates(
    deployments: pl.DataFrame,
    *,
    by: str | Sequence[str] = "model",
    failure: str | Sequence[str] = ("failed_stage", "code"),
    clean: bool = False,
) -> pl.DataFrame:
    """Return how often each failure befalls each group: of the ended attempts of a group, those that met it.

    Attempts of one device are alike: intervals are those of fewer attempts, as in `measure_rates`.

    Args:
        deployments: One attempt a row.
        by: Columns to group by.
        failure: What tells one failure from another.
        clean: Count a success that went on past a timeout or a failed stage as a failure.

    Returns:
        A row for each group and each failure of the fleet, also where it never met: the columns of `by`,
        `failure` (its columns joined by a blank), `n` (ended attempts of the group), `k`, `share`, `low`,
        `high`. Groups stand by attempts, failures by number, most first.

    Raises:
        UnknownName: No such column.
    """
    frame = with_columns_of(deployments, ("outcome", "flags", "failed_stage", "code"))
    names, parts = columns_of(frame, by), columns_of(frame, failure)
    label = pl.concat_str([pl.col(name).cast(pl.String) for name in parts], separator=" ", ignore_nulls=True)
    ending = clean_outcome(clean=clean)
    keyed, keys = _keyed(frame, names)
    device = ["device"] if "device" in frame.columns else []
    ended = keyed.filter(ending.is_in(ENDED)).select(
        *keys,
        *device,
        failure=pl.when(ending == "failed").then(
            pl.when(label == "").then(pl.lit("unknown")).otherwise(label)
        ),
    )
    groups, counts = count_alike(ended, keys, "failure")
    kinds = ended.drop_nulls("failure").group_by("failure").agg(whole=pl.len())
    crossed = groups.join(kinds, how="cross").join(
        counts, on=[*keys, "failure"], how="left", nulls_equal=True
    )
    ordered = crossed.with_columns(pl.col(HITS).fill_null(0)).sort(
        "n",
        *keys,
        "whole",
        "failure",
        descending=[True, *[False] * len(keys), True, False],
        nulls_last=True,
    )
    named = [pl.col(key).alias(name) for key, name in zip(keys, names, strict=False)]
    return with_shares(ordered).select(*named, *FAILURE_RATES)

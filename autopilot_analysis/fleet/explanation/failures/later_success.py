"""What became of failures: which devices succeeded at a later attempt, after how long, and which are open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Line
from autopilot_analysis.fleet.explanation.failures.failure_kinds import failed_of
from autopilot_analysis.fleet.explanation.fleet_findings import name_of
from autopilot_analysis.fleet.explanation.units import first_tries
from autopilot_analysis.fleet.frames import with_columns_of
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.tables.outcomes import FINISHED

LISTED = 5
"""So many open devices are named, the newest."""


def tell_later_success(rows: pl.DataFrame) -> Iterator[Line]:
    """Return after how many failed first attempts the device succeeded, how soon, and which are open.

    A success before the failure is none after it. Where no device succeeded later, such as in a report of
    last attempts, nothing is said; one device alone is told attempt by attempt.

    Args:
        rows: Deployments.
    """
    ended = pl.col("outcome").cast(pl.String).is_in(FINISHED) & pl.col("started_at").is_not_null()
    followed = rows.filter(ended, ~_of_nobody())
    first = first_tries(followed)
    failed = with_success(failed_of(first), followed)
    later = failed.drop_nulls("succeeded_at")
    if later.is_empty() or followed["device"].n_unique() == 1:
        return
    counted = f"{share_in_words(failed.height, first.height)} first attempts failed"
    which = "all of them" if later.height == failed.height else f"{later.height:,} of them"
    which = "this one" if failed.height == 1 else which
    soon = _soon((later["succeeded_at"] - later["started_at"]).sort().to_list())
    open_ = _open(failed.filter(pl.col("succeeded_at").is_null()))
    yield Line(f"{counted}; after {which} the device succeeded, {soon}; {open_}.")


def _soon(waited: list[timedelta]) -> str:
    """Return how long after the failed attempts began those that succeeded did."""
    spans = [wording.span(timedelta(minutes=round(each.total_seconds() / 60))) for each in waited]
    if len(spans) == 1:
        return f"in an attempt begun {spans[0]} later"
    return (
        f"half of them in an attempt begun within {spans[(len(spans) - 1) // 2]} ({spans[0]} to {spans[-1]})"
    )


def _open(left: pl.DataFrame) -> str:
    """Return which devices have not succeeded since, the newest first."""
    if left.is_empty():
        return "none is open"
    devices = left.unique("device", keep="first", maintain_order=True)
    names = [name_of(row) for row in devices.head(LISTED).iter_rows(named=True)]
    more = filter(None, [wording.and_more(devices.height - LISTED, "")])
    verb = "is" if left.height == 1 else "are"
    return f"{left.height:,} {verb} open: {', '.join([*names, *more])}"


def with_success(failed: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return deployments that failed with `succeeded_at`: when the device's next success began, null if none.

    Args:
        failed: Deployments that failed.
        rows: All deployments.
    """
    rows = with_columns_of(rows, ("outcome", "started_at"))
    succeeded = rows.filter(pl.col("outcome").cast(pl.String) == "succeeded", ~_of_nobody())
    ends = succeeded.select("device", "started_at", succeeded_at="started_at").drop_nulls().sort("started_at")
    numbered = failed.with_row_index("place")
    dated = numbered.drop_nulls("started_at").sort("started_at")
    found = dated.join_asof(
        ends,
        on="started_at",
        by="device",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return (
        numbered.join(found.select("place", "succeeded_at"), on="place", how="left")
        .sort("place")
        .drop("place")
    )


def still_failed(failed: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return of deployments that failed those after which their device has not succeeded.

    Args:
        failed: Deployments that failed.
        rows: All deployments.
    """
    return with_success(failed, rows).filter(pl.col("succeeded_at").is_null()).drop("succeeded_at")


def _of_nobody() -> pl.Expr:
    """Return which deployments name no device."""
    return pl.col("flags").str.contains("no_device").fill_null(value=False)

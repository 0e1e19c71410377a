"""What nobody saw of an incident, and what that keeps from being known."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.export.sources import title_of
from autopilot_analysis.findings import rules_not_run
from autopilot_analysis.fleet.postmortem.case import Case
from autopilot_analysis.fleet.postmortem.reasons import cited_device
from autopilot_analysis.tables.capture import ABSENT
from autopilot_analysis.tables.fleet import CAPTURE

GROUPED = ("model", "build", "group_tag", "profile", "user")
"""Columns by which attempts are compared; of one attempt nothing is."""
WHY = "why it matters"
UNSEEN: dict[str, pl.DataType] = {"what": pl.String(), WHY: pl.String(), "count": pl.Int64()}
Row = tuple[str, str, int | None]
"""A row of `UNSEEN`."""


def list_unseen(case: Case) -> pl.DataFrame:
    """Return what could not be seen, and what it keeps from being known.

    Args:
        case: The incident.

    Returns:
        `what`, `WHY` (what hangs on it), `count`.
    """
    rows = [*_unseen_attempts(case), *_unseen_sources(case)]
    return pl.DataFrame(rows, schema=UNSEEN, orient="row")


def _unseen(what: str, why: str, count: int | None = None) -> Row:
    return what, why, count


def _unseen_attempts(case: Case) -> Iterator[Row]:
    """Attempts without an end, without a code, without a named group; and a fleet without any capture."""
    attempts = case.fleet.deployments
    open_ = attempts.filter(
        ~pl.col("outcome").cast(pl.String).is_in(["succeeded", "failed", "abandoned"])
    ).height
    if open_:
        yield _unseen(
            "attempts in progress or of unknown outcome", "they are in no share and may still fail", open_
        )
    explained = pl.col("device").is_in(case.causes["device"].implode())
    mute = case.hits.filter(pl.col("outcome") == "failed", ~explained)["code"].null_count()
    if mute:
        yield _unseen(
            "failures without a code",
            "their cause is told by no export; a capture of the device would tell",
            mute,
        )
    for name in GROUPED if attempts.height > 1 else ():
        nulls = attempts[name].null_count()
        if nulls:
            yield _unseen(
                f"attempts whose {wording.words(name)} no export tells",
                "they can be in no group of it",
                nulls,
            )
    if attempts.is_empty():
        yield _unseen("attempts at Autopilot", f"{wording.NOTHING_TELLS} one", 0)
    hit = case.hits["device"].n_unique()
    captured = case.hits.filter(pl.col("origin").cast(pl.String) == CAPTURE)["device"].n_unique()
    if hit > captured:
        yield _unseen(
            "devices hit without a capture",
            "what happened on the device itself was not seen; only the service's word for it",
            hit - captured,
        )
    if case.fleet.candidates.is_empty() and (case.hits.height or attempts.height > 1):
        yield _unseen(
            "changes made by administrators",
            "no audit log was among what was read: whether something was changed is unknown",
        )


def _unseen_sources(case: Case) -> Iterator[Row]:
    """Sources that were absent or partial on devices, gaps, and rules that could not be asked."""
    coverage = case.fleet.coverage
    for presence, why in ((ABSENT, "was not there"), ("partial", "was cut, rolled over or damaged")):
        poor = coverage.filter(pl.col("presence") == presence, pl.col("shows").is_not_null())
        for source, shows, count in (
            poor.group_by("source", maintain_order=True).agg(pl.col("shows").first(), pl.len()).iter_rows()
        ):
            yield _unseen(f"{title_of(source)} {why}", f"it alone would show: {shows}", count)
    for reason, count in (
        case.fleet.gaps.group_by("reason", maintain_order=True).agg(pl.len()).head(20).iter_rows()
    ):
        yield _unseen(f"not read: {reason}", "what stood there is unknown", count)
    device = cited_device(case)
    if device is not None and case.story.trace.attempts.height:
        count = rules_not_run(case.story.tables).filter(pl.col("device") == device).height
        if count:
            yield _unseen(
                "rules that could not be asked",
                f"their sources are not in the capture of {device}: their silence says nothing",
                count,
            )

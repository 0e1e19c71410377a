"""What failed before the last attempt succeeded: history, told behind the success, that asks for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.answers.proofs import proofs_of
from autopilot_analysis.tables.verdict import CONTEXT

NOTHING_LEFT = f"{wording.capital(wording.NOTHING_TO_DO)}: the last attempt succeeded."
MADE_GOOD = f"{wording.capital(wording.NOTHING_TO_DO)} about what had failed: it succeeded later."
OF_THE_FAILURE = "The earlier failure: "
CALLED_FOR = "The earlier failure called for this: "
"""Stand before what is said of a failure that is history, and before what its remedy was."""


def leading(
    own: pl.DataFrame, evidence: pl.DataFrame, attempts: pl.DataFrame, outcome: str, made: pl.DataFrame
) -> tuple[list[dict[str, Any]], bool]:
    """Return the finding that leads the answer, if any, and whether it is history.

    A finding that reaches no further than the attempts before the one that succeeded is, and so is one of a
    stage that went through after all; any other comes before it. Where the last attempt failed and nothing
    else explains it, nothing is history.

    Args:
        own: The device's findings above `info`, in their order.
        evidence: The evidence of the same search.
        attempts: The device's attempts.
        outcome: As `conclude` says it.
        made: What `made_good` returned, of the device.
    """
    telling = own.filter(pl.col("role") != CONTEXT)
    if telling.is_empty():
        return [], False
    past = settled_since(telling, evidence, made)
    if outcome == "succeeded":
        past |= (_reach(telling, evidence) < attempts["attempt"].max()).fill_null(value=False)
    now, before = telling.filter(~past), telling.filter(past)
    if now.is_empty() and outcome == "failed":
        return telling.head(1).to_dicts(), False
    return (now if now.height else before).head(1).to_dicts(), now.is_empty()


def settled_since(findings: pl.DataFrame, evidence: pl.DataFrame, made: pl.DataFrame) -> pl.Series:
    """Return of each finding whether its stage went through after all that proves it.

    Args:
        findings: Findings of one device.
        evidence: The evidence of the same search.
        made: What `made_good` returned, of the device.
    """
    good = dict(made.select("stage", "good_at").iter_rows())
    last = [proofs_of(one, evidence)["at"].max() for one in findings.iter_rows(named=True)]
    rows = zip(findings["stage"], last, strict=True)
    since = [stage in good and at is not None and at < good[stage] for stage, at in rows]
    return pl.Series(since, dtype=pl.Boolean)


def _reach(findings: pl.DataFrame, evidence: pl.DataFrame) -> pl.Series:
    """Return the last attempt of each finding, null where none is known."""
    if "finding" not in evidence.columns:
        return findings["attempt"]
    own = [name for name in ("export", "device") if name in evidence.columns and name in findings.columns]
    last = evidence.group_by(*own, id="finding").agg(reach=pl.col("attempt").max())
    reached = findings.join(last, on=[*own, "id"], how="left", maintain_order="left", nulls_equal=True)
    return reached.select(pl.coalesce("reach", "attempt")).to_series()


def happened_before(lead: Mapping[str, Any], attempts: pl.DataFrame) -> Line:
    """Return what an earlier attempt, or several, failed with.

    Args:
        lead: The finding.
        attempts: The device's attempts.
    """
    which = wording.attempt(lead["attempt"], attempts.height) if lead["attempt"] else "Earlier attempts"
    return Line(f"{which} had failed: {lead['title'].rstrip('.')}.")


def as_history(lines: Iterable[Line], words: str = OF_THE_FAILURE) -> Iterator[Line]:
    """Yield lines about a failure, the first of them marked as one that is history.

    Args:
        lines: What is said of the failure.
        words: What stands before the first of them.
    """
    for place, line in enumerate(lines):
        yield line if place else replace(line, text=f"{words}{line.text}")

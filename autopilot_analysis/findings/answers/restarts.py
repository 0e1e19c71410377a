"""Restarts of the status page that nobody at the device had asked for, in the answer on a success."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.answers.proofs import proofs_of
from autopilot_analysis.findings.answers.to_do import RESTARTED
from autopilot_analysis.findings.rules.restarts import page_restarts
from autopilot_analysis.tables import Trace

UNNAMED = {"{item}": "", "the policy ": "a policy"}
"""How the words of facts/page_restarts.csv read of something without a name."""


def asked_about(about: pl.DataFrame, evidence: pl.DataFrame, trace: Trace) -> list[dict[str, Any]]:
    """Return the findings that tell why the page of a last attempt was restarted, the earliest restart first.

    Each is a row of findings with `boot_at`, and `by`, who asked for the restart. Of one restart one is told.

    Args:
        about: The findings on one device.
        evidence: The evidence of the same search.
        trace: What `build_trace` returned.
    """
    kinds = read_facts("page_restarts").rename({"remedy": "own_remedy", "page": "own_page", "item": "shape"})
    known = about.join(kinds, on="rule", how="inner", maintain_order="left")
    known = known.filter(pl.col("item").str.contains(pl.col("shape")).fill_null(pl.col("shape").is_null()))
    if known.is_empty() or trace.attempts.is_empty():
        return []
    boots = page_restarts(trace).filter(pl.col("device") == known["device"][0])
    last = trace.attempts.filter(pl.col("device") == known["device"][0])["attempt"].max()
    at_last = boots.filter(pl.col("attempt").eq_missing(pl.lit(last)))["boot_at"].sort()
    found: dict[datetime, dict[str, Any]] = {}
    for one in known.iter_rows(named=True):
        asked_at = proofs_of(one, evidence)["at"].min()
        after = at_last.filter(at_last >= asked_at) if asked_at is not None else at_last.clear()
        if after.len():
            remedy = one["own_remedy"] or one["remedy"]
            found.setdefault(after[0], {**one, "remedy": remedy, "by": _by(one), RESTARTED: after[0]})
    return [found[at] for at in sorted(found)]


def _by(one: Mapping[str, Any]) -> str:
    """Return who asked for a restart, in words."""
    words = str(one["by"])
    if one["item"]:
        return words.format(item=one["item"])
    for name, instead in UNNAMED.items():
        words = words.replace(name, instead)
    return words.strip()


def lines(asked: list[dict[str, Any]], runs: pl.DataFrame) -> Iterator[Line]:
    """Yield when the device was restarted, why, and what that cost the person before it.

    Args:
        asked: What `asked_about` returned.
        runs: The stage runs of the device.
    """
    begun = runs.filter(pl.col("stage") == "account_setup")["started_at"].max()
    for one in asked:
        at = one[RESTARTED]
        before = begun is None or at < begun
        phase = wording.words("device_setup" if before else "account_setup")
        later = (
            f"; {wording.words('account_setup')} began {wording.span(begun - at)} later"
            if begun and before
            else ""
        )
        yield Line(
            f"The device restarted in {phase} at {wording.in_zone(at)}, {one['by']}: "
            f"the user had to sign in again{later}."
        )

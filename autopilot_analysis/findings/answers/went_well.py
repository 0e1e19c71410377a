"""What went well in an attempt whose end was not seen: nothing failed, or is known to be waited for."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.answers.without_attempt.unknown_errors import unexplained
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.tables.story import ON_THE_PAGE
from autopilot_analysis.tables.verdict import INFO
from autopilot_analysis.trace.page_off import UNSHOWN

ENDS_WITHIN = timedelta(minutes=5)
"""A stage that began no longer before the last record is not known to have waited for anything."""
BESIDE = ("network",)
"""Stages that are not worth a word where others went well."""
NO_FURTHER = "the records end there"
"""What is said behind stages that went well where the records end with them."""


def went_well(tables: Tables, trace: Trace, findings: Findings, device: str) -> str:
    """Return which stages of the last attempt went well where nothing is known to have failed after them.

    Records that go on for minutes show that something was waited for, where the page was seen at its work.
    Of a page that nobody saw they show nothing, unless something is loud or an error is not explained.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.
        device: The device's key.
    """
    last = trace.attempts.filter(pl.col("device") == device).sort("attempt").tail(1)
    if last.is_empty() or last["outcome"][0] != "unfinished":
        return ""
    runs = trace.stage_runs.filter(pl.col("device") == device, pl.col("attempt") == last["attempt"][0])
    seen_until = tables.coverage.filter(pl.col("device") == device)["last_at"].max()
    open_since = runs.filter(pl.col("outcome") == "unfinished")["started_at"]
    done = runs.filter(pl.col("outcome") == "succeeded").sort("stage")["stage"].cast(pl.String).to_list()
    stages = [wording.words(stage) for stage in done if stage not in BESIDE]
    begun = open_since.drop_nulls()
    if seen_until is None or begun.len() != open_since.len() or not stages or "failed" in runs["outcome"]:
        return ""
    goes_on = ((pl.Series([seen_until]) - begun) > ENDS_WITHIN).any()
    if goes_on and not _page_unseen(tables, trace, findings, device):
        return ""
    named = " and ".join(filter(None, (", ".join(stages[:-1]), stages[-1])))
    return f"{named} went well; {wording.NOTHING_FAILED if goes_on else NO_FURTHER}"


def _page_unseen(tables: Tables, trace: Trace, findings: Findings, device: str) -> bool:
    """Tell whether nothing of the page was seen but that the enrolment begins it, and nothing is loud."""
    own = pl.col("device") == device
    of_page = trace.marks.filter(own, pl.col("stage").is_in(ON_THE_PAGE))
    loud = findings.findings.filter(own, pl.col("severity") != INFO)
    if of_page.is_empty() or loud.height or set(of_page["mark"]) != {UNSHOWN}:
        return False
    return unexplained(tables, trace, findings, device).is_empty()

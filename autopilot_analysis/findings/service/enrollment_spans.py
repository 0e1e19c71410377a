"""What a list of enrolments covers: from when to when, weeks without a row, failures alone."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.service.empty_spans import empty_spans
from autopilot_analysis.findings.service.failed_enrollments import (
    enrollments_told_whole,
    failed_enrollments,
)

HOLDS_FAILURES_ALONE = "holds failures alone"
ALONE = (
    f"the list {HOLDS_FAILURES_ALONE}: how many enrolments went well, and which share failed, is not in it"
)


def span_words(failures: pl.DataFrame) -> Iterator[str]:
    """Yield what the rows of lists of enrolments cover and do not.

    Args:
        failures: The table `enrollment_failures`.
    """
    failed = failed_enrollments(failures) if failures.height else failures
    if failed.is_empty():
        return
    if enrollments_told_whole(failures).is_empty():
        noun = wording.count(failed.height, "failed enrolment")
        yield wording.sentence(f"{noun}{_between(failed['at'])}; {ALONE}")
    for one in empty_spans(failures["at"]):
        yield f"No row {one.in_words}: what happened then is not known, and not that all went well."


def _between(times: pl.Series) -> str:
    """Return from when until when rows are; empty where nothing says so."""
    days = times.drop_nulls().sort()
    if days.is_empty():
        return ""
    first, last = wording.short_day(days[0]), wording.short_day(days[-1])
    return f" of {first}" if first == last else f" from {first} to {last}"

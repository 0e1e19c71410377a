from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from findings.answers.answer_parts import parts, texts

from autopilot_analysis.findings import answer, find
from autopilot_analysis.findings.answers.happened import _begun, _local
from autopilot_analysis.tables import Findings, Trace


def test_since_when_is_told_by_the_device_s_own_clock_where_no_zone_is_known():
    two = pl.Series(["2026-02-18 09:16:06", "2026-02-18 08:04:06"]).str.to_datetime()
    assert _local(two) == (
        "2026-02-18 08:04:06, last at 2026-02-18 09:16:06, on the device's own clock; "
        "its time zone is not known."
    )
    assert _local(two.head(0)) == ""


def test_where_nothing_dates_a_failure_the_start_of_its_attempt_is_named(refused):
    attempts = refused[1].attempts
    began = f"{attempts['started_at'][-1]:%Y-%m-%d %H:%M:%S} UTC"
    assert _begun(attempts) == f"No record of it carries a time; the last attempt began {began}."
    assert _begun(attempts.head(0)) == "No record of it carries a time."


@pytest.mark.parametrize(("minutes", "on_and_on"), [(60, True), (59, False)])
def test_a_failure_that_came_again_an_hour_later_is_told_until_then_and_not_by_its_first_minutes(
    refused, minutes, on_and_on
):
    tables, trace, findings = refused
    ended_at = trace.attempts["ended_at"][-1]
    lead = findings.findings["id"][0]
    last = pl.col("finding").eq(lead) & pl.col("at").eq(pl.col("at").max())
    evidence = findings.evidence.with_columns(
        at=pl.when(last).then(pl.lit(ended_at + timedelta(minutes=minutes))).otherwise("at")
    )
    told = texts(parts(answer(tables, trace, Findings(findings.findings, evidence)))["What happened"])[1]
    assert (", and again and again until" in told, " after " in told) == (on_and_on, not on_and_on)


@pytest.mark.parametrize(
    ("afterwards", "words"),
    [
        ("continued", "failed in device setup after 1 h, and the device went on all the same."),
        ("reset", "failed in device setup after 1 h, and somebody chose to reset the device."),
        (None, "failed in device setup after 1 h."),
    ],
)
def test_what_was_done_after_the_last_attempt_had_failed_stands_behind_its_end(
    world, failure, afterwards, words
):
    tables, trace = world(**failure("device_setup"))
    kind = trace.attempts.schema["afterwards"]
    went = trace.attempts.with_columns(
        afterwards=pl.lit(afterwards, dtype=kind), waited=pl.col("ended_at") - pl.col("started_at")
    )
    trace = Trace.of({**trace.frames(), "attempts": went})
    assert parts(answer(tables, trace, find(tables, trace)))["What happened"][1].text.endswith(words)

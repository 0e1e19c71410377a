from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from findings.answers.answer_parts import parts, texts

from autopilot_analysis.findings import answer, find
from autopilot_analysis.findings.answers.happened import _begun, _local, _quoted
from autopilot_analysis.tables import Findings, Trace


def test_since_when_is_told_by_the_device_s_own_clock_where_no_zone_is_known():
    two = pl.Series(["2026-02-18 09:16:06", "2026-02-18 08:04:06"]).str.to_datetime()
    assert _local(two) == (
        "2026-02-18 08:04:06, last at 2026-02-18 09:16:06, on the device's own clock; "
        "its time zone is not known."
    )
    assert _local(two.head(0)) == ""


@pytest.mark.parametrize(
    ("quotes", "said"),
    [
        (
            ["Attempt Status: 0xc000006d", "Previous Prt Attempt: 2026-03-02 08:15:00.120 UTC"],
            "2026-03-02 08:15:00 UTC, as the quoted output says of the try.",
        ),
        (
            ["Previous Registration: 2026-03-02 08:16:00 UTC"],
            "2026-03-02 08:16:00 UTC, as the quoted output says of the try.",
        ),
        (
            ["=== Logging stopped: 4/5/2026  8:15:00 ==="],
            "The log ended 4/5/2026 8:15:00, as it writes it: which part is the day is not known.",
        ),
        (["Client Time: 2026-03-02 08:16:00 UTC", "the log says Previous Registration: 2026"], ""),
        ([], ""),
    ],
)
def test_a_time_that_a_proof_names_itself_is_told(quotes, said):
    assert _quoted(pl.Series(quotes, dtype=pl.String)) == said


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

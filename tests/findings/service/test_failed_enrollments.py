"""Which enrolments of lists failed, each once, however many lists tell of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from findings.service_tables import table

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.findings.service.failed_enrollments import (
    SAME_FAILURE_WITHIN,
    devices_that_failed,
    enrollments_told_whole,
    failed_enrollments,
    once_each,
)
from autopilot_analysis.tables import EnrollmentFailure
from autopilot_analysis.tables.typed import empty

ALL, ALONE, GRAPH = "EnrollmentActivity", "DeviceEnrollmentFailures", "troubleshootingEvents"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def row(report, minute=0.0, text="User validation", user="ann@example.com", **more):
    at = START + timedelta(minutes=minute)
    return {"report": report, "at": at, "failure_text": text, "user": user, **more}


def listed(*rows):
    return table("enrollment_failures", rows)


def failed(*rows):
    return failed_enrollments(listed(*rows)).select("report", "reason").rows()


@pytest.mark.parametrize("word", ["No", "False", "None", "N/A", "0", "-", "Nein", "Unknown"])
def test_an_enrolment_of_which_a_list_denies_that_it_failed_did_not_fail(word):
    assert failed(row(ALL, text=word), row(ALL, 1, text="User validation")) == [(ALL, "User validation")]


@pytest.mark.parametrize("word", ["Yes", "TRUE", "Ja"])
def test_one_that_failed_without_a_reason_has_that_of_its_category_or_none(word):
    rows = [row(ALL, text=word, category="userValidation"), row(ALL, 9, text=word, category="none")]
    assert failed(*rows) == [(ALL, "userValidation"), (ALL, None)]


def test_a_word_that_denies_a_failure_beside_a_code_is_not_its_reason():
    assert failed(row(ALL, text="None", code="0x80180014")) == [(ALL, None)]


def test_a_reason_in_another_script_is_one():
    assert failed(row(ALL, text="ライセンスがありません")) == [(ALL, "ライセンスがありません")]


@pytest.mark.parametrize(
    "other",
    [
        row(ALONE),
        row(ALONE, 0.9, user="ANN@example.com"),
        row(ALONE, 30, user="u-1", activity="A-1"),
        row(GRAPH, user="u-1"),
        row(GRAPH, user="u-2", intune_device_id="I-1"),
    ],
)
def test_a_failure_that_two_lists_hold_is_one_of_the_list_of_all(other):
    own = row(ALL, activity="a-1", user_id="U-1", intune_device_id="i-1")
    rows = listed(other, own, row(ALL, 3, text="No", user="bob@example.com"))
    assert failed_enrollments(rows)["report"].to_list() == [ALL]
    assert enrollments_told_whole(rows).height == once_each(rows).height == 2
    assert enrollments_told_whole(rows, whole=False).is_empty()


@pytest.mark.parametrize(
    "other",
    [
        row(ALONE, SAME_FAILURE_WITHIN / timedelta(minutes=1) + 0.1),
        row(ALONE, user="bob@example.com"),
        row(ALONE, code="0x80180014"),
        row(ALONE, user=EMPTY_ID),
        {**row(ALONE), "at": None},
        row(ALL, 0.5),
    ],
)
def test_failures_of_another_time_person_or_code_and_two_of_one_list_are_two(other):
    own = row(ALL, code="0x80180018", user_id=EMPTY_ID)
    assert len(failed(own, other)) == 2


def test_two_failures_of_a_person_within_a_minute_stay_two_in_whichever_lists():
    tries = [row(ALL), row(ALL, 0.5)]
    others = [row(report, minute) for report in (ALONE, GRAPH) for minute in (0.5, 0)]
    assert failed(*others, *tries) == [(ALL, "User validation")] * 2
    assert len(failed(*others)) == 2
    assert len(failed(row(ALONE, 0.3), *tries, row(ALONE, 5))) == 3
    assert len(failed(row(ALL), row(ALONE), row(ALONE, 0.5))) == 2


def test_a_success_a_moment_after_is_not_the_failure_of_another_list():
    rows = listed(row(ALL, 0.2, text="No"), row(ALONE))
    assert (once_each(rows).height, failed_enrollments(rows)["report"].to_list()) == (2, [ALONE])


def test_what_one_list_knows_and_the_other_does_not_stands_in_one_row():
    own = row(ALL, text="Yes", remedy="Assign a licence.")
    (one,) = failed_enrollments(listed(row(ALONE, detail="0x80180018 said"), own)).to_dicts()
    assert (one["reason"], one["detail"], one["remedy"]) == (
        "User validation",
        "0x80180018 said",
        "Assign a licence.",
    )


def test_lists_of_one_kind_and_none_at_all_stay_as_they_are():
    rows = listed(row(ALONE), row(ALONE))
    assert once_each(rows).equals(rows)
    assert failed_enrollments(listed()).is_empty()


def test_a_list_of_all_in_which_all_failed_is_one_of_failures_alone():
    rows = listed(row(ALL), row(ALONE, 9))
    assert enrollments_told_whole(rows).is_empty()
    assert enrollments_told_whole(rows, whole=False).height == 2


def test_retries_are_counted_as_devices_where_a_list_names_all_enrolments():
    start = datetime(2026, 5, 4, 8, tzinfo=UTC)
    told = [("A", 0, True), ("A", 5, True), ("A", 9, False), ("B", 1, True), ("B", 2, True), ("C", 3, False)]
    told += [("D", 1, False), ("D", 7, True)]
    rows = [
        {
            "device": device,
            "report": "EnrollmentActivity",
            "at": start + timedelta(minutes=minute),
            "failure_text": "Authorization" if failed else None,
        }
        for device, minute, failed in told
    ]
    schema = empty(EnrollmentFailure).schema
    failures = pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)
    found = devices_that_failed(failures)
    assert (found.n, found.failed, found.later) == (4, 3, 1)
    assert found.in_words == "3 of 4 devices had an enrolment that failed: 1 enrolled later, 2 did not"
    assert devices_that_failed(failures.with_columns(report=pl.lit("enrollmentFailures"))) is None
    nameless = failures.with_columns(device=pl.when(pl.col("device") != "C").then("device"))
    assert devices_that_failed(nameless) is None
    assert devices_that_failed(failures.filter(pl.col("failure_text").is_null())) is None

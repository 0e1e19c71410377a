"""What records add up to as rows of the timeline: spans that say whether they ended, and how."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.timeline.records import event_titles, title_of
from autopilot_analysis.timeline.story import (
    STEP_TITLES,
    TOLD_BY,
    attempt_rows,
    fields_as_json,
    mark_rows,
    screen_rows,
    stage_rows,
    step_rows,
)

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "shown"),
    [((0, 5), (0, 5, False)), ((0, None), (0, None, True)), ((None, 5), (5, None, False))],
)
def test_a_stage_without_a_beginning_is_a_moment_and_one_without_an_end_stays_open(rows, written, shown):
    def moment(minute):
        return None if minute is None else AT + timedelta(minutes=minute)

    run = {
        "attempt": 1,
        "stage": "device_setup",
        "outcome": "failed",
        "started_at": moment(written[0]),
        "ended_at": moment(written[1]),
    }
    (row,) = stage_rows(rows("stage_runs", run)).iter_rows(named=True)
    assert (row["at"], row["ended_at"], row["open"]) == (moment(shown[0]), moment(shown[1]), shown[2])
    assert (row["level"], row["lane"]) == ("error", "status_page")


def test_an_attempt_says_how_it_ended_and_where(rows):
    attempt = {
        "attempt": 2,
        "outcome": "failed",
        "failed_stage": "mdm_enrollment",
        "code": "0x80180014",
        "started_at": AT,
    }
    (row,) = attempt_rows(rows("attempts", attempt)).iter_rows(named=True)
    assert row["title"].startswith("Attempt 2 · failed in ")
    assert row["title"].endswith("0x80180014")
    assert row["open"]


@pytest.mark.parametrize(("mark", "level"), [("esp_timed_out", "error"), ("profile_available", "info")])
def test_a_mark_of_a_failure_is_an_error(rows, mark, level):
    (row,) = mark_rows(rows("marks", {"mark": mark, "at": AT, "detail": "{}"})).iter_rows(named=True)
    assert row["level"] == level


def test_a_page_with_a_code_is_an_error(rows):
    shown = {"screen": "OobeRegion", "title": "Region", "at": AT}
    levels = screen_rows(rows("screens", shown, shown | {"code": "0x1"}))["level"].to_list()
    assert levels == ["info", "error"]


def test_what_no_column_of_the_timeline_holds_stands_in_its_text():
    row = {"device": "D", "waited": timedelta(seconds=90), "detail": '{"a": 1}', "at": AT, "gone": None}
    assert json.loads(fields_as_json(row)) == {"waited_seconds": 90.0, "detail": {"a": 1}, "at": str(AT)}


@pytest.mark.parametrize("kind", sorted(TOLD_BY))
def test_a_step_that_an_event_tells_has_the_title_of_the_event(rows, kind):
    (title,) = step_rows(rows("steps", {"kind": kind, "detail": "more", "at": AT}))["title"]
    assert title == f"{title_of(*TOLD_BY[kind])}: more"
    assert kind not in STEP_TITLES


def test_no_title_of_a_step_is_written_down_for_an_event_too():
    assert not set(STEP_TITLES.values()) & set(event_titles()["wording"])
    assert title_of("EventLog", 6011) == "Computer was renamed"

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.answer.one_attempt import is_alone, not_compared, tell_attempt
from autopilot_analysis.tables import SCHEMAS

ATTEMPT = {
    "device": "SN-1",
    "deployment": "d1",
    "outcome": "failed",
    "started_at": datetime(2026, 7, 14, 7, 45, tzinfo=UTC),
    "total": timedelta(minutes=21),
    "device_preparation": None,
    "device_setup": timedelta(minutes=12, seconds=41),
    "account_setup": None,
    "profile": "Staff laptops",
    "esp_profile": None,
    "model": None,
    "build": "26100.6584",
}


@pytest.fixture
def statuses():
    rows = [
        {"device": "SN-1", "deployment": "d1", "item": item, "name": name, "state": state}
        for item, name, state in (
            ("a", "Archive Tool", "installed"),
            ("v", "Voice Client", "error"),
            ("b", "Staff baseline", "compliant"),
        )
    ]
    other = {"device": "SN-2", "deployment": "d2", "item": "o", "name": "Other Tool", "state": "installed"}
    empty = SCHEMAS["item_statuses"].create_empty()
    return pl.concat([empty, pl.DataFrame([*rows, other])], how="diagonal_relaxed")


def texts(lines):
    return [line.text for line in lines]


def test_one_attempt_tells_when_it_began_how_long_each_stage_took_and_what_went_well(statuses):
    assert texts(tell_attempt(ATTEMPT, statuses)) == [
        "It began 2026-07-14 07:45 UTC and failed after 21 min: device setup 12 min 41 s; "
        "8 min 19 s in no stage that is told.",
        "Profile Staff laptops; build 26100.6584.",
        "Went well in it: Archive Tool, Staff baseline.",
    ]


def test_what_no_export_tells_of_the_attempt_is_not_told(statuses):
    unknown = dict.fromkeys(ATTEMPT) | {"device": "SN-9", "deployment": "d9", "outcome": "failed"}
    assert texts(tell_attempt(unknown, statuses)) == []
    assert texts(not_compared(unknown, [])) == [
        "One attempt is compared with nothing: which group is hit, since which day and what is slow "
        "take at least 12 that ended.",
        "Not told: when it began and how long it took.",
    ]


def test_an_attempt_that_runs_still_is_not_said_to_have_ended(statuses):
    running = ATTEMPT | {"outcome": "in_progress"}
    assert texts(tell_attempt(running, statuses.clear()))[0].startswith(
        "It began 2026-07-14 07:45 UTC: device setup 12 min 41 s"
    )


def test_a_limit_of_its_success_stands_beside_it():
    said = texts(not_compared(ATTEMPT, ["since when: …", "success: 1 of 1 tell of MDM enrolment only"]))
    assert said[1:] == ["Not told, success: 1 of 1 tell of MDM enrolment only."]


def test_two_attempts_are_no_attempt_alone():
    one = pl.DataFrame({"deployment": ["d1"]})
    assert (is_alone(one), is_alone(pl.concat([one, one])), is_alone(one.clear())) == (True, False, False)


def test_five_items_that_went_well_are_named_and_the_rest_are_counted(statuses):
    more = [
        {"device": "SN-1", "deployment": "d1", "item": f"i{n}", "name": f"Tool {n}", "state": "installed"}
        for n in range(6)
    ]
    many = pl.concat(
        [statuses.filter(pl.col("state") == "error"), pl.DataFrame(more)], how="diagonal_relaxed"
    )
    assert texts(tell_attempt(ATTEMPT, many))[-1] == (
        "Went well in it: Tool 0, Tool 1, Tool 2, Tool 3, Tool 4 and 1 more."
    )

"""What became of failures: who succeeded later, how soon, and who is open."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.failures.later_success import still_failed, tell_later_success

FIRST = datetime(2026, 4, 1, tzinfo=UTC)


def rows(*attempts):
    """Attempts as (device, minutes after the first day began, outcome) and perhaps flags."""
    return pl.DataFrame(
        {
            "device": [each[0] for each in attempts],
            "name": [f"PC-{each[0]}" for each in attempts],
            "serial": [None] * len(attempts),
            "started_at": [FIRST + timedelta(minutes=each[1]) for each in attempts],
            "outcome": [each[2] for each in attempts],
            "flags": [each[3] if len(each) > 3 else None for each in attempts],
        },
        schema_overrides={"serial": pl.String, "flags": pl.String},
    )


def healed(count, first=0):
    """Devices whose first attempt fails, each with a success so many hours later as its number plus 1."""
    failed = [(f"h{each}", each, "failed") for each in range(first, first + count)]
    later = [(f"h{each}", each + 60 * (each + 1), "succeeded") for each in range(first, first + count)]
    return [*failed, *later]


def fine(count):
    return [(f"f{each}", each, "succeeded") for each in range(count)]


def open_(count):
    return [(f"o{each}", 10_000 + each, "failed") for each in range(count)]


def told(attempts):
    return [line.text for line in tell_later_success(rows(*attempts))]


def test_where_every_failure_was_followed_by_a_success_none_is_open():
    (text,) = told([*fine(7), *healed(3)])
    assert text == (
        "3 of 10 (30 %, 11 to 60 %) first attempts failed; after all of them the device succeeded, "
        "half of them in an attempt begun within 2 h (1 h to 3 h); none is open."
    )


@pytest.mark.parametrize(
    ("count", "left"),
    [
        (1, "1 is open: PC-o0."),
        (2, "2 are open: PC-o1, PC-o0."),
        (7, "7 are open: PC-o6, PC-o5, PC-o4, PC-o3, PC-o2, 2 more."),
    ],
)
def test_devices_that_have_not_succeeded_since_are_named_the_newest_first(count, left):
    (text,) = told([*fine(7), *healed(3), *open_(count)])
    assert "after 3 of them the device succeeded, half of them" in text
    assert text.endswith(left)


def test_a_single_failure_is_told_with_the_time_to_its_success():
    (text,) = told([*fine(9), *healed(1)])
    assert "after this one the device succeeded, in an attempt begun 1 h later; none is open." in text


@pytest.mark.parametrize(
    "attempts",
    [
        [*fine(9), *open_(3)],
        [("a", 0, "succeeded"), ("a", 500, "failed"), *fine(3)],
        [("a", 0, "failed", "no_device"), ("a", 500, "succeeded", "no_device"), *fine(3)],
        [("a", 0, "failed"), ("a", 500, "in_progress"), *fine(3)],
        healed(1),
    ],
    ids=["nobody tried again", "success came before", "of no known device", "not ended", "one device alone"],
)
def test_where_no_failure_was_followed_by_a_success_nothing_is_said(attempts):
    assert told(attempts) == []


def test_a_failure_after_a_success_is_a_first_attempt_and_open():
    (text,) = told([*healed(2), ("h0", 5_000, "failed")])
    assert text.startswith("3 of 3 ")
    assert text.endswith("1 is open: PC-h0.")


def test_what_still_failed_leaves_out_devices_that_succeeded_since():
    given = rows(*healed(2), *open_(1), ("h1", 9_000, "failed"))
    failed = given.filter(outcome="failed")
    assert still_failed(failed, given)["device"].to_list() == ["o0", "h1"]

from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.fleet import measure_first_time_right, measure_journeys

START = datetime(2026, 1, 1, tzinfo=UTC)


def attempts(*rows):
    return pl.DataFrame(
        [(device, START + timedelta(days=day), outcome) for device, day, outcome in rows],
        schema={"device": pl.String, "started_at": pl.Datetime("us", "UTC"), "outcome": pl.String},
        orient="row",
    )


def test_a_journey_ends_with_its_success_or_a_pause_of_more_than_thirty_days():
    journeys = measure_journeys(
        attempts(
            ("a", 0, "failed"), ("a", 1, "succeeded"), ("a", 2, "succeeded"),
            ("b", 0, "failed"), ("b", 31, "failed"), ("b", 40, "failed"),
            ("c", 0, "failed"), ("c", 30, "succeeded"),
        )
    )  # fmt: skip
    assert journeys.select("device", "journey", "attempts", "completed", "first_time_right").rows() == [
        ("a", 1, 2, True, False),
        ("a", 2, 1, True, True),
        ("b", 1, 1, False, None),
        ("b", 2, 2, False, None),
        ("c", 1, 2, True, False),
    ]


def test_first_time_right_is_a_share_of_completed_journeys():
    journeys = measure_journeys(
        attempts(("a", 0, "failed"), ("a", 1, "succeeded"), ("b", 0, "succeeded"), ("c", 0, "failed"))
    )
    assert measure_first_time_right(journeys).select("n", "k", "open").row(0) == (2, 1, 1)


def test_failures_and_the_first_code_are_those_of_the_journey_itself():
    start = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [
        ("B", 0, "failed", None), ("B", 1, "failed", "0x80180014"), ("B", 2, "succeeded", None),
        ("B", 3, "succeeded", None), ("B", 4, "failed", "0x80180018"), ("A", 0, "succeeded", None),
    ]  # fmt: skip
    frame = pl.DataFrame(
        [(device, start + timedelta(days=day), outcome, code) for device, day, outcome, code in rows],
        schema=["device", "started_at", "outcome", "code"],
        orient="row",
    )
    journeys = measure_journeys(frame)
    told = journeys.select("device", "journey", "attempts", "failed", "first_code", "first_time_right")
    assert told.rows() == [
        ("A", 1, 1, 0, None, True),
        ("B", 1, 3, 2, "0x80180014", False),
        ("B", 2, 1, 0, None, True),
        ("B", 3, 1, 1, "0x80180018", None),
    ]

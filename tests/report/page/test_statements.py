"""Columns that together are one statement, as a laid-out frame says them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.report.page.frames import lay_out


def columns(laid):
    return [column["name"] for column in laid["columns"]]


def test_the_rest_of_a_rate_is_one_statement_too_and_needs_no_interval():
    frame = pl.DataFrame(
        {"g": ["a", "b"], "rest_n": [238, 0], "rest_k": [18, 0], "rest_share": [0.076, None]}
    )
    laid = lay_out(frame, most=9)
    assert columns(laid) == ["G", "Share of the rest"]
    assert [row[1] for row in laid["rows"]] == [["18 of 238 (8 %)", 0.076], None]


def test_a_rate_that_is_alike_in_every_row_keeps_its_counts():
    laid = lay_out(pl.DataFrame({"g": ["a", "b"], "n": [10, 20], "k": [5, 10], "share": [0.5, 0.5]}), most=9)
    assert [row[1][0] for row in laid["rows"]] == ["5 of 10 (50 %)", "10 of 20 (50 %)"]
    assert laid["same"] == []


def test_a_value_carries_its_interval_and_a_side_that_is_open_is_a_dash():
    spans = [timedelta(minutes=55), timedelta(minutes=8)]
    frame = pl.DataFrame({"p95": spans, "p95_low": [timedelta(minutes=52), None], "p95_high": [None, None]})
    laid = lay_out(frame.cast({"p95_high": pl.Duration}), most=9)
    assert columns(laid) == ["95th percentile"]
    assert laid["rows"] == [[["55 min (52 min to –)", 3300.0]], [["8 min", 480.0]]]


def test_bounds_that_name_no_column_belong_to_the_one_before_them():
    frame = pl.DataFrame({"before": [3, 4], "after": [2, 3], "low": [1, 2], "high": [3, 5]})
    laid = lay_out(frame, most=9)
    assert columns(laid) == ["Before", "After"]
    assert [row[1] for row in laid["rows"]] == [["2 (1 to 3)", 2], ["3 (2 to 5)", 3]]


def test_rows_that_are_left_out_take_their_parts_along():
    frame = pl.DataFrame(
        {"n": [9, 9], "k": [1, 2], "share": [0.1, 0.2], "q": [1, 2], "q_low": [0, 1], "q_high": [2, 3]}
    )
    assert lay_out(frame, most=1)["rows"] == [[["1 of 9 (11 %)", 0.1], ["1 (0 to 2)", 1]]]


def test_the_share_of_a_day_is_a_rate_and_a_median_of_minutes_is_none():
    days = pl.DataFrame(
        {"n": [12, 8], "k": [1, 0], "value": [0.083, 0.0], "low": [0.01, 0.0], "high": [0.3, 0.4]}
    )
    laid = lay_out(days.with_columns(level=pl.Series([0.115, 0.115])), most=9)
    assert columns(laid) == ["Value", "Level"]
    assert laid["rows"][0] == [["1 of 12 (8 %, 1 to 30 %)", 0.083], ["11.5 %", 0.115]]
    minutes = days.with_columns(k=pl.lit(None, pl.Int64), value=pl.Series([31.0, 0.5]), low=30.0, high=40.0)
    assert lay_out(minutes, most=9)["rows"][1] == [["8", 8], ["0.5 (30 to 40)", 0.5]]

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from autopilot_analysis.fleet.explanation.days.dating import date_change

START = datetime(2026, 1, 1, tzinfo=UTC)


def rows(day, hit, code=None):
    frame = pl.DataFrame({"day": day, "value": np.asarray(hit, dtype=float), "class": 0}).with_columns(
        day=pl.lit(START.date()) + pl.duration(days="day")
    )
    return frame if code is None else frame.with_columns(code=pl.Series(code))


def test_the_set_of_days_holds_the_true_one_nine_times_in_ten():
    inside = widths = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        day = np.sort(rng.integers(0, 100, 400))
        dated = date_change(rows(day, rng.random(400) < np.where(day < 60, 0.05, 0.3)), "failed")
        inside += dated.low <= START.date() + timedelta(days=60) <= dated.high
        widths += (dated.high - dated.low).days + 1
    assert 172 <= inside <= 196
    assert widths / 200 < 15


def test_ordinary_failures_before_the_day_do_not_pull_it_forward():
    day = np.repeat(np.arange(40), 10)
    code = np.where(day >= 20, "0x87d1041c", "0x80180014")
    hit = (np.arange(400) % 10 < 4) & (day >= 20) | (np.arange(400) % 10 == 0) | ((day >= 16) & (day < 20))
    dated = date_change(rows(day, hit, code), "failed")
    assert (dated.at, dated.low, dated.high) == (date(2026, 1, 21),) * 3


def test_a_rise_over_three_weeks_is_gradual_and_one_on_a_day_is_not():
    rng = np.random.default_rng(3)
    day = np.sort(rng.integers(0, 100, 3000))
    share = 0.05 + 0.4 * np.clip((day - 49) / 21, 0, 1)
    gradual = date_change(rows(day, rng.random(3000) < share), "failed")
    assert gradual.complete is not None
    assert abs((gradual.complete - START.date()).days - 71) <= 7
    at_once = date_change(rows(day, rng.random(3000) < np.where(day < 50, 0.05, 0.45)), "failed")
    assert at_once.complete is None


def test_attempts_of_one_day_have_no_day_of_change():
    assert date_change(rows(np.zeros(50, dtype=int), np.arange(50) % 2), "failed") is None

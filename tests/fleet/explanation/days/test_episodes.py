"""A group that got worse is so still, was so for some days, or was so until a day."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.days.dating import date_episode

FIRST = date(2026, 1, 1)


def rows(hits, n=10):
    """So many attempts a day, of which so many fail."""
    day = np.repeat(np.arange(len(hits)), n)
    value = np.concatenate([np.arange(n) < each for each in hits]).astype(float)
    frame = pl.DataFrame({"day": day, "value": value, "class": 0})
    return frame.with_columns(day=pl.lit(FIRST) + pl.duration(days="day"))


def on(day):
    return FIRST + timedelta(days=day)


@pytest.mark.parametrize(
    ("hits", "at", "until", "fell"),
    [
        ([0] * 20 + [5] * 40, 20, None, False),
        ([0] * 10 + [5] * 12 + [0] * 38, 10, 22, False),
        ([5] * 15 + [0] * 45, 15, None, True),
        ([0] * 20 + [5] * 10 + [3] * 30, 20, None, False),
    ],
)
def test_an_episode_goes_on_ends_or_was_there_from_the_beginning(hits, at, until, fell):
    dated = date_episode(rows(hits), "failed")
    assert (dated.at, dated.until, dated.fell) == (on(at), None if until is None else on(until), fell)
    assert dated.low <= dated.at <= dated.high


def test_of_durations_an_episode_ends_as_well():
    frame = rows([0] * 10 + [6] * 12 + [1] * 38)
    slower = frame.with_columns(value=20 + pl.col("value") * 30 + pl.int_range(pl.len()) % 7)
    dated = date_episode(slower, "total")
    assert (dated.at, dated.until) == (on(10), on(22))


@pytest.mark.parametrize(("hits", "ended"), [([4] * 20 + [1] * 11, False), ([5] * 20 + [0], True)])
def test_an_end_must_be_likelier_by_e_to_the_three(hits, ended):
    """An end is likelier by e to the 2.84 in the one, by e to the 3.72 in the other."""
    assert (date_episode(rows([0] * 20 + hits), "failed").until is not None) is ended


def test_the_set_of_a_spell_holds_its_first_day_nine_times_in_ten():
    inside = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        day = np.arange(100)
        chance = np.where((day >= 20) & (day < 35), 0.45, 0.05)
        dated = date_episode(rows(rng.binomial(6, chance), 6), "failed")
        inside += dated.low <= on(20) <= dated.high
    assert 85 <= inside <= 99


def fleet(bad):
    """Thirty attempts a day over four months, of which a site fails more on some days."""
    rng = np.random.default_rng(11)
    day = np.repeat(np.arange(120), 30)
    site = rng.integers(0, 5, day.size)
    failed = rng.random(day.size) < np.where((site == 1) & bad(day), 0.9, 0.03)
    return pl.DataFrame({"day": day, "site": site, "failed": failed}).select(
        started_at=pl.lit(datetime(2026, 1, 1, 9, tzinfo=UTC)) + pl.duration(days="day"),
        group_tag=pl.concat_str(pl.lit("Site "), pl.col("site").cast(pl.String)),
        outcome=pl.when("failed").then(pl.lit("failed")).otherwise(pl.lit("succeeded")),
    )


def test_a_site_that_was_ill_long_ago_is_told_with_both_its_days():
    found = explain(fleet(lambda day: (day >= 14) & (day < 28)))
    first = found.to_dict()["contrasts"][0]
    assert (first["where"], first["at"][:10], first["until"][:10]) == (
        {"group_tag": "Site 1"}, "2026-01-15", "2026-01-29",
    )  # fmt: skip
    assert "; from 15 January 2026 until the end of 28 January 2026" in found.lines()[0]
    assert ", from 15 January 2026 until the end of 28 January 2026: failed" in found.lines()[1]


def test_a_site_that_was_ill_from_the_first_day_until_one_has_no_day_since_when():
    found = explain(fleet(lambda day: day < 28))
    first = found.to_dict()["contrasts"][0]
    assert (first["where"], first["at"], first["until"][:10]) == ({"group_tag": "Site 1"}, None, "2026-01-29")
    assert found.lines()[0].endswith("; until the end of 28 January 2026")
    before, after = found.changes.select("before", "after").row(0)
    assert before > 0.8
    assert after < 0.1


def test_a_site_that_is_ill_still_has_no_end():
    first = explain(fleet(lambda day: day >= 80)).to_dict()["contrasts"][0]
    assert (first["at"][:10], first["until"]) == ("2026-03-22", None)

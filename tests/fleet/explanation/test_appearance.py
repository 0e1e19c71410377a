"""When a group has appeared, and how much it must differ to explain anything."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet import measure_contrasts
from autopilot_analysis.fleet.explanation.answers import Answer
from autopilot_analysis.fleet.explanation.explain import _appeared
from autopilot_analysis.fleet.explanation.groups.judging import Found
from autopilot_analysis.groups import Group

FIRST = date(2026, 3, 2)


@pytest.mark.parametrize(("days", "appeared"), [(0, False), (6, False), (7, True)])
def test_a_group_appeared_when_it_came_a_week_after_the_fleets_first_day(days, appeared):
    own = pl.DataFrame({"day": [FIRST + timedelta(days=days)]})
    fleet = pl.DataFrame({"day": [FIRST]}).vstack(own)
    group = Answer(Found(Group.of({"model": "Slate 12"}), None, None, 0.0, 1.0), own, None)
    came = _appeared(group, fleet)
    assert (came is not None) is appeared
    assert came is None or came.at == FIRST + timedelta(days=days)


def contrasts(share):
    """Groups of a fleet of which one half failed with this share, the other with 30 %."""
    size = 20_000
    failed = np.r_[np.arange(size) < share * size, np.arange(size) < 0.3 * size]
    frame = pl.DataFrame(
        {
            "device": [f"D{number}" for number in range(2 * size)],
            "outcome": np.where(failed, "failed", "succeeded"),
            "started_at": [datetime(2026, 3, 2, tzinfo=UTC)] * (2 * size),
            "model": ["Slate 12"] * size + ["Desk Mini 5"] * size,
        }
    )
    return measure_contrasts(frame)


def test_a_group_that_differs_by_less_than_a_quarter_explains_nothing_however_sure():
    assert contrasts(0.37).is_empty()  # lift 1.23
    assert contrasts(0.38)["lift"][0] == pytest.approx(0.38 / 0.3)


def test_the_share_of_all_counts_like_twenty_attempts_of_the_rest():
    n, k, rest_n, rest_k = 100, 60, 40, 4
    failed = [True] * k + [False] * (n - k) + [True] * rest_k + [False] * (rest_n - rest_k)
    frame = pl.DataFrame(
        {
            "device": [f"D{number}" for number in range(n + rest_n)],
            "outcome": ["failed" if each else "succeeded" for each in failed],
            "started_at": [datetime(2026, 3, 2, tzinfo=UTC)] * (n + rest_n),
            "model": ["Slate 12"] * n + ["Desk Mini 5"] * rest_n,
        }
    )
    expected = (rest_k + (k + rest_k) / (n + rest_n) * 20) / (rest_n + 20)
    share = k / n
    gain = k * np.log(share / expected) + (n - k) * np.log((1 - share) / (1 - expected))
    assert measure_contrasts(frame)["score"][0] == pytest.approx(gain - np.log(60), rel=1e-6)

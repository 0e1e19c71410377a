"""The best time of each group, held against the others of the same days."""

import numpy as np
import pytest

from autopilot_analysis.fleet.explanation.groups.scoring import LEAST_WITHIN, _gain, usual_hits


def counts(n, k, expected):
    return [np.array([float(each)]) for each in (n, k, expected)]


def test_the_others_of_the_same_days_say_how_many_hits_are_usual():
    none = usual_hits(counts(100, 30, 5), counts(10_000, 530, 500))
    worse = usual_hits(counts(100, 30, 5), counts(10_000, 1_030, 500))
    assert none[0] == pytest.approx(5.05, abs=0.1)
    assert worse[0] == pytest.approx(10.1, abs=0.3)


@pytest.mark.parametrize(
    ("n", "k", "good"),
    [
        (100, 30, True),
        (100, 5, False),
        (LEAST_WITHIN - 1, 7, False),
        (LEAST_WITHIN, 7, True),
        (100, 4, False),
    ],
)
def test_a_group_gains_only_with_attempts_and_hits_enough_and_more_of_them_than_usual(n, k, good):
    gain = _gain(counts(n, k, 0.05 * n), counts(10_000, 500, 500), 1.25, LEAST_WITHIN, 5)
    assert np.isfinite(gain[0]) == good

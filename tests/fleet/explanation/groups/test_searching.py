"""The search for groups that explain hits: how sure the best of them is."""

import json

import numpy as np
import polars as pl
import pytest
from scipy.stats import hypergeom

from autopilot_analysis.fleet import measure_contrasts
from autopilot_analysis.fleet.explanation.groups.counting import Counts
from autopilot_analysis.fleet.explanation.groups.searching import Candidates, Search, _judged, find_explaining
from autopilot_analysis.fleet.intervals import false_discovery

MODELS = ["Kite X1", "Note 7", "Slate 13"]


def search(hit):
    """Return a search among attempts of three models by turns."""
    model = np.arange(hit.size) % len(MODELS) + 1
    counts = Counts([model], [len(MODELS) + 1], hit, 1)
    return Search(["model"], [MODELS], counts, np.zeros(hit.size, dtype=np.int64), 1.0)


def test_q_is_that_of_all_that_were_looked_at_though_few_tails_are_summed():
    n, k = 6000, 300
    sizes, found = np.array([100.0, 101.0, 102.0, 103.0, 400.0]), np.array([20.0, 20.0, 20.0, 20.0, 40.0])
    candidates = Candidates(np.arange(4), sizes[:4], found[:4], n - sizes[:4], k - found[:4], np.ones(4), 29)
    tails = hypergeom.sf(found[:4] - 1, n, k, sizes[:4])
    q = false_discovery(tails, 29)
    assert q[0] < 29 * tails[0], "the first is helped by those nearly as unlikely"
    for place in range(4):
        judged = _judged(search(np.arange(90) % 7 == 0), candidates, place)
        assert judged.p == pytest.approx(tails[place], rel=1e-12)
        assert judged.q == pytest.approx(q[place], rel=1e-12)


def test_a_model_that_fails_ten_times_as_often_is_found_and_nothing_beside_it():
    attempt = np.arange(3000)
    hit = (attempt // 3 % 30 == 0) | ((attempt % 3 == 1) & (attempt // 3 % 10 < 3))
    (found,) = find_explaining(search(hit))
    assert found.conditions == ((0, 2),)
    assert found.q < 1e-9


def test_hits_spread_evenly_explain_nothing():
    assert find_explaining(search(np.arange(3000) // 3 % 20 == 0)) == []


def counted(n, k):
    """Return counted attempts: Office with Note 7 fails at 40 %, Office with Kite X1 k of n, Shop at 4 %."""
    rows = [
        ("Office", "Note 7", 4000, 1600),
        ("Office", "Kite X1", n, k),
        ("Shop", "Note 7", 4000, 160),
        ("Shop", "Kite X1", 4000, 160),
    ]
    return pl.DataFrame(rows, schema=["profile", "model", "n", "k"], orient="row")


PAIR = {"profile": "Office", "model": "Note 7"}


@pytest.mark.parametrize(
    ("n", "k", "named"),
    [
        (29, 0, {"profile": "Office"}),
        (30, 1, PAIR),
        (30, 2, {"profile": "Office"}),
        (200, 8, PAIR),
        (200, 70, {"profile": "Office"}),
    ],
)
def test_a_simpler_group_is_named_unless_what_else_it_holds_was_surely_not_hit_alike(n, k, named):
    found = measure_contrasts(counted(n, k), attributes=["profile", "model"])
    assert json.loads(found["where"][0]) == named


def test_against_a_reference_what_else_a_group_holds_is_compared_with_its_own_past():
    usual = pl.DataFrame(
        [("Office", "Note 7", 4000, 160), ("Office", "Kite X1", 100, 15), ("Shop", "Note 7", 4000, 160)],
        schema=["profile", "model", "n", "k"],
        orient="row",
    )
    periods = pl.concat(
        [counted(100, 15).with_columns(period=pl.lit("now")), usual.with_columns(period=pl.lit("before"))]
    )
    found = measure_contrasts(periods, attributes=["profile", "model"], reference="period=before")
    assert json.loads(found["where"][0]) == PAIR

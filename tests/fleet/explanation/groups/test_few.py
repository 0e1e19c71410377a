"""Groups of a fleet that is too small for the whole search."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.stats import fisher_exact

from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.groups.few import LEAST_FLEET, LEAST_OF_FEW, find_in_few, least_rise
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY

DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def units(inside, outside, size=16, others=32, **beside):
    """Units of which so many failed inside one model, and outside it."""
    model = ["new"] * size + ["old"] * others
    hit = [1] * inside + [0] * (size - inside) + [1] * outside + [0] * (others - outside)
    return pl.DataFrame({"model": model, "hit": hit, **beside})


def test_the_value_that_stands_out_is_found_with_the_chance_of_the_exact_test_for_all_that_was_looked_at():
    rows = units(14, 1, profile=["a", "b", "c"] * 16)
    (found,) = find_in_few(rows, ["profile", "model"])
    looked = 1 + 3  # of the models only one has hits enough
    _, p = fisher_exact([[14, 2], [1, 31]], alternative="greater")
    assert dict(found.where) == {"model": "new"}
    assert np.exp(found.log_p) == pytest.approx(p * looked, rel=1e-9)


@pytest.mark.parametrize(
    ("inside", "outside", "size", "others", "found"),
    [
        (4, 0, LEAST_OF_FEW, 30, True),
        (3, 0, LEAST_OF_FEW - 1, 30, False),
        (8, 0, 8, LEAST_OF_FEW, True),
        (8, 0, 8, LEAST_OF_FEW - 1, False),
        (3, 0, LEAST_OF_FEW, 50, False),
        (2, 4, 16, 32, False),
        (6, 6, 16, 32, False),
    ],
)
def test_what_is_too_small_or_differs_too_little_is_not_named(inside, outside, size, others, found):
    assert bool(find_in_few(units(inside, outside, size, others), ["model"])) is found


def test_fewer_than_a_dozen_are_not_compared():
    assert find_in_few(units(5, 0, 5, LEAST_FLEET - 5), ["model"])
    assert not find_in_few(units(5, 0, 5, LEAST_FLEET - 6), ["model"])


def test_healthy_small_fleets_hardly_ever_raise_an_alarm():
    chance = np.random.default_rng(7)
    alarms = 0
    for _ in range(400):
        n = int(chance.integers(LEAST_FLEET, 60))
        names = {f"a{m}": chance.choice(list("uvwx"[: 2 + m % 3]), n) for m in range(5)}
        rows = pl.DataFrame({**names, "hit": (chance.random(n) < chance.uniform(0.05, 0.5)).astype(int)})
        alarms += bool(find_in_few(rows, list(names)))
    assert alarms <= 400 * FALSE_DISCOVERY * 2


def test_the_least_rise_is_the_first_that_would_have_been_named():
    rise = least_rise(48, 1 / 40, 4)
    hits = round((rise + 1 / 40) * 8)
    assert find_in_few(units(hits, 1, 8, 40, b=["x"] * 48), ["model", "b"])
    assert least_rise(12, 0.9, 4) is None


def test_a_fleet_of_forty_eight_is_answered_and_says_how_it_was_compared():
    outcomes = [("26100.1", "failed")] * 14 + [("26100.1", "succeeded")] * 2 + [("26100.9", "succeeded")] * 32
    rows = [
        {"device": f"D{n}", "started_at": DAY + timedelta(hours=n), "outcome": outcome, "build": build}
        for n, (build, outcome) in enumerate(outcomes)
    ]
    told = explain(pl.DataFrame(rows))
    assert told.contrasts.select("where", "k", "n").rows() == [('{"build": "26100.1"}', 14, 16)]
    assert (
        told.lines()[1]
        == "Few to compare: 48 deployments ended; only single values were compared, and no days."
    )
    even = explain(pl.DataFrame(rows).with_columns(build=pl.Series(["a", "b"] * 24)))
    assert even.contrasts.is_empty()
    assert even.nothing.startswith("No group stands out. Few to compare: 48 deployments ended; ")
    assert even.nothing.endswith("or more would have shown.")

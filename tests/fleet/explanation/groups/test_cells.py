"""Attempts and hits of every group, day by day; a group too small to be judged is not counted."""

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.groups.cells import LEAST_HITS, SUPPORT, count_cells


def counted(models, hits, depth=1, **more):
    rows = pl.DataFrame({"model": models, **more})
    days = np.arange(rows.height) % 2
    return list(count_cells(rows, [*rows.columns], depth, days, [np.array(hits)]))


def of(size, hits, others=40):
    models = ["A"] * size + ["B"] * others
    return models, [True] * hits + [False] * (size - hits) + [True] * 5 + [False] * (others - 5)


@pytest.mark.parametrize(
    ("size", "hits", "groups"),
    [
        (SUPPORT, LEAST_HITS, {("A",), ("B",)}),
        (SUPPORT - 1, LEAST_HITS, set()),
        (SUPPORT, LEAST_HITS - 1, {("B",)}),
    ],
)
def test_a_group_needs_thirty_units_and_five_hits(size, hits, groups):
    found = counted(*of(size, hits))
    assert {value for cells in found for value in cells.values} == groups


def test_units_and_hits_of_a_group_are_counted_by_day():
    (cells,) = counted(*of(30, 6))
    place = cells.values.index(("A",))
    assert cells.names == ("model",)
    assert cells.n[place].tolist() == [15, 15]
    assert cells.k[0][place].tolist() == [3, 3]


def test_a_group_that_all_but_a_few_belong_to_is_not_compared_with_them():
    models, hits = of(200, 20, others=29)
    assert not any(("A",) in cells.values for cells in counted(models, hits))


def test_deeper_groups_are_pairs_of_columns():
    models, hits = of(60, 10, others=60)
    builds = ["1", "2"] * 60
    names = [cells.names for cells in counted(models, hits, depth=2, build=builds)]
    assert names == [("model",), ("build",), ("model", "build")]

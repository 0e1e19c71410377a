from itertools import combinations

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.groups import counting as contrasts_counting
from autopilot_analysis.fleet.explanation.groups.counting import Counts, number_values

SIZES = [4, 3, 5, 2]


def rows(n=800, seed=3):
    chance = np.random.default_rng(seed)
    return [chance.integers(0, size, n) for size in SIZES], chance.random(n) < 0.2


def counted_one_by_one(coded, hit, group, left):
    inside = np.all([coded[attribute] == value for attribute, value in group], axis=0) & left
    return inside.sum(), (inside & hit).sum()


@pytest.mark.parametrize("joined", [0, 10_000])
def test_every_cell_holds_what_counting_its_rows_gives_also_after_rows_were_taken_away(joined, monkeypatch):
    monkeypatch.setattr(contrasts_counting, "MOST_JOINED", joined)
    coded, hit = rows()
    counts = Counts(coded, SIZES, hit, 3)
    left = np.ones(hit.size, dtype=bool)
    for gone in (np.arange(0), np.concatenate([np.flatnonzero(hit)[:9], np.flatnonzero(~hit)[:4]])):
        counts.take_away(np.sort(gone))
        left[gone] = False
        for cell in range(counts.n.size):
            group = counts.group_of(cell)
            assert (counts.n[cell], counts.k[cell]) == counted_one_by_one(coded, hit, group, left)
            assert counts.cell_of(group) == cell
            assert counts.known[cell] == all(value > 0 for _, value in group)


def test_tables_with_more_cells_than_the_limit_are_left_out_and_the_smaller_ones_kept(monkeypatch):
    monkeypatch.setattr(contrasts_counting, "MOST_CELLS", 12)
    coded, hit = rows()
    tables = set(Counts(coded, SIZES, hit, 2).tables)
    singles = {(a,) for a in range(4)}
    assert tables == singles | {p for p in combinations(range(4), 2) if SIZES[p[0]] * SIZES[p[1]] <= 12}


def test_a_joined_table_is_read_in_place_of_several():
    coded, hit = rows()
    counts = Counts(coded, SIZES, hit, 2)
    parts = [part for block in counts.blocks.values() for part in block]
    assert sorted(parts) == sorted(counts.tables)
    assert len(counts.blocks) < len(counts.tables) / 2


def test_values_are_numbered_in_order_and_rare_or_unknown_ones_are_zero():
    frame = pl.DataFrame({"model": ["b", None, "a", "b", "a", "rare"], "core": [1, 1, 1, None, 2, 2]})
    (models, places), (cores, numbers) = number_values(frame, ["model", "core"], 2)
    assert (models, places.tolist()) == (["a", "b"], [2, 0, 1, 2, 1, 0])
    assert (cores, numbers.tolist()) == (["1", "2"], [1, 1, 1, 0, 2, 2])

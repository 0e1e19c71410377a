"""How many attempts and how many hits every combination of values has, counted once and kept current."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations
from math import prod

import numpy as np
import polars as pl
from numpy.typing import NDArray

MOST_CELLS = 4_000_000
"""Attributes with more combinations than this are not looked at together."""

MOST_VALUES = 400
"""Values of an attribute that are looked at, the most frequent."""

MOST_JOINED = 25_000
"""Cells of a larger table from which smaller ones are summed instead of counting every row for each."""

SUPPORT = 30
"""A group of fewer attempts is not looked at, and nothing is compared with fewer."""

LEAST_HITS = 5
"""A group with fewer hits is not looked at."""

MOST_FOUND = 12
"""After so many groups a search for them ends."""

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Condition = tuple[int, int]
"""An attribute and one of its values, both as numbers; value 0 is unknown or too rare to be looked at."""


def number_values(
    frame: pl.DataFrame, names: list[str], least: int, weight: Floats | None = None
) -> Iterator[tuple[list[str], Codes]]:
    """Yield for each column its values worth a look, in order, and each row's number among them from 1.

    Args:
        frame: The rows; null is unknown.
        names: Columns of any kind.
        least: Attempts a value must have.
        weight: Attempts of each row; None: one.
    """
    own = pl.Categorical(pl.Categories.random())
    texts = frame.select(pl.col(names).cast(pl.String).cast(own))
    numbered = texts.select(pl.all().to_physical().cast(pl.Int64).fill_null(-1) + 1)
    firsts = numbered.select(pl.all().arg_unique().implode())
    for name in names:
        found, first = numbered[name].to_numpy(), firsts[name][0].to_numpy()
        counts, codes = np.bincount(found, weight, minlength=1), found[first]
        often = np.flatnonzero((counts[codes] >= least) & (codes > 0))
        often = often[np.lexsort((codes[often], -counts[codes[often]]))][:MOST_VALUES]
        values = dict(zip(texts[name][first[often]].cast(pl.String), codes[often], strict=True))
        places = np.zeros(counts.size, dtype=np.int64)
        places[[values[value] for value in sorted(values)]] = np.arange(1, len(values) + 1)
        yield sorted(values), places[found]


@dataclass
class Counts:
    """Attempts and hits of all combinations of up to `depth` values, one table after another in one line.

    A table holds the combinations of a few attributes; a cell is a place in the line.

    Attributes:
        coded: Of each attribute the number of its value in each row.
        sizes: How many numbers each attribute has.
        hit: Hits of each row: true or false where a row is one attempt.
        depth: Most attributes of a table.
        weight: Attempts of each row; None: one.
    """

    coded: list[Codes]
    sizes: list[int]
    hit: NDArray[np.bool_] | Floats
    depth: int
    weight: Floats | None = None
    tables: dict[tuple[int, ...], slice] = field(init=False, default_factory=dict)
    blocks: dict[tuple[int, ...], list[tuple[int, ...]]] = field(init=False, default_factory=dict)
    n: Floats = field(init=False)
    k: Floats = field(init=False)
    known: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        """Give each table its place and count every row."""
        end = 0
        for count in range(1, self.depth + 1):
            for attributes in combinations(range(len(self.sizes)), count):
                if (length := self._length(attributes)) <= MOST_CELLS:
                    self.tables[attributes] = slice(end, end + length)
                    end += length
        self._cover()
        self.n, self.k = np.zeros((2, end))
        self.known = np.concatenate([np.zeros(0, dtype=bool), *map(self._known, self.tables)])
        self._count(slice(None), 1)

    def _length(self, attributes: tuple[int, ...]) -> int:
        return prod(self.sizes[a] for a in attributes)

    def _cover(self) -> None:
        """Choose the tables to count, each with those that are summed from it: rows are read less often.

        A table is counted with one attribute more, the one by which most tables of its size are had as well.
        """
        left = dict.fromkeys(reversed(self.tables))
        while left:
            first = next(iter(left))
            wider = [tuple(sorted({*first, a})) for a in range(len(self.sizes)) if a not in first]
            joined = [first, *(block for block in wider if self._length(block) <= MOST_JOINED)]
            had = {block: [part for part in _parts(block) if part in left] for block in joined}
            block = max(joined, key=lambda block: len(had[block]))
            self.blocks[block] = had[block]
            for part in had[block]:
                del left[part]

    @property
    def attempts(self) -> int:
        """All attempts, those taken away among them."""
        return self.hit.size if self.weight is None else int(self.weight.sum())

    def take_away(self, rows: Codes) -> None:
        """Remove rows from every count, so that only what they leave unexplained remains."""
        self._count(rows, -1)

    def of(self, rows: NDArray[np.bool_]) -> tuple[int, int]:
        """Return attempts and hits of the rows that a mask holds."""
        n = rows.sum() if self.weight is None else self.weight[rows].sum()
        return int(n), int(self.hit[rows].sum())

    def by(self, places: Codes, rows: NDArray[np.bool_], size: int) -> tuple[Floats, Floats]:
        """Return attempts and hits of the rows that a mask holds, for each of so many places."""
        weight = None if self.weight is None else self.weight[rows]
        n = np.bincount(places[rows], weight, minlength=size)
        k = np.bincount(places[rows], self.hit[rows], minlength=size)
        return n.astype(float), k.astype(float)

    def _count(self, rows: Codes | slice, sign: int) -> None:
        """Add or take away rows; only those with hits are read for the hits."""
        hits = np.flatnonzero(self.hit[rows])
        coded = [codes[rows] for codes in self.coded]
        weights = (None, None) if self.weight is None else (self.weight[rows], self.hit[rows][hits])
        for block, parts in self.blocks.items():
            cells = coded[block[0]].copy()
            for attribute in block[1:]:
                cells *= self.sizes[attribute]
                cells += coded[attribute]
            shape = [self.sizes[a] for a in block]
            n = np.bincount(cells, weights[0], minlength=prod(shape)).reshape(shape)
            k = np.bincount(cells[hits], weights[1], minlength=prod(shape)).reshape(shape)
            for part in parts:
                others = tuple(axis for axis, attribute in enumerate(block) if attribute not in part)
                self.n[self.tables[part]] += sign * n.sum(axis=others).ravel()
                self.k[self.tables[part]] += sign * k.sum(axis=others).ravel()

    def _known(self, attributes: tuple[int, ...]) -> NDArray[np.bool_]:
        """Tell which cells of a table have a known value in every attribute."""
        known = np.zeros([self.sizes[a] for a in attributes], dtype=bool)
        known[(slice(1, None),) * len(attributes)] = True
        return known.ravel()

    def inside(self, group: tuple[Condition, ...]) -> NDArray[np.bool_]:
        """Tell which rows a group holds."""
        inside = np.ones(self.hit.size, dtype=bool)
        for attribute, value in group:
            inside &= self.coded[attribute] == value
        return inside

    def conditions(self, cells: Codes) -> Codes:
        """Return how many conditions each cell has."""
        ends = [table.stop for table in self.tables.values()]
        counts = np.array([len(attributes) for attributes in self.tables])
        return counts[np.searchsorted(ends, cells, side="right")]

    def group_of(self, cell: int) -> tuple[Condition, ...]:
        """Return the conditions of a cell."""
        attributes, table = next(each for each in self.tables.items() if cell < each[1].stop)
        values = np.unravel_index(cell - table.start, [self.sizes[a] for a in attributes])
        return tuple((a, int(v)) for a, v in zip(attributes, values, strict=True))

    def cell_of(self, group: tuple[Condition, ...]) -> int:
        """Return the cell of a group whose attributes stand in order."""
        attributes = tuple(a for a, _ in group)
        place = np.ravel_multi_index([v for _, v in group], [self.sizes[a] for a in attributes])
        return int(self.tables[attributes].start) + int(place)


def _parts(block: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Return every choice of the attributes of a table, in order."""
    return chain.from_iterable(combinations(block, size) for size in range(1, len(block) + 1))

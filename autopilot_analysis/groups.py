"""A group of rows: column -> value. JSON is spelt only where a group leaves the package."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

_CONDITION = re.compile(r"(?:\A|,)\s*(\w+)\s*=")


def spelling(values: pl.Expr) -> pl.Expr:
    """Return values without what people type differently: case, and spaces, dashes or underscores.

    Args:
        values: A column or a literal of text.
    """
    return values.cast(pl.String).str.to_lowercase().str.replace_all(r"[\s_-]+", " ").str.strip_chars()


def holds(where: Mapping[str, str]) -> pl.Expr:
    """Return the expression that is true for rows of a group, however its values are spelt.

    Args:
        where: Column and value; without any, every row.
    """
    met = [spelling(pl.col(name)) == spelling(pl.lit(value)) for name, value in where.items()]
    return pl.all_horizontal(met).fill_null(value=False) if met else pl.lit(value=True)


@dataclass(frozen=True)
class Group(Mapping[str, str]):
    """Conditions that rows must meet, all of them; none holds every row.

    Attributes:
        conditions: Pairs of column and value, sorted by column, so that equal groups are equal.

    Example:
        >>> group = Group.of({"model": "Slate 12", "build": "26100.6584"})
        >>> group["model"], len(group), group <= Group.of({"model": "Slate 12"})
        ('Slate 12', 2, True)
    """

    conditions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, where: Mapping[str, str]) -> Group:
        """Return the group that a mapping describes."""
        return cls(tuple(sorted((name, str(value)) for name, value in where.items())))

    @classmethod
    def parse(cls, text: str) -> Group:
        """Return the group that a text describes: JSON, or `column=value` with commas between.

        Values may hold commas; a comma before the next `column=` ends one.

        Raises:
            ValueError: The text is neither.
        """
        if not text.strip():
            return cls()
        if text.lstrip().startswith("{"):
            return cls.of(json.loads(text))
        starts = list(_CONDITION.finditer(text))
        if not starts or text[: starts[0].start()].strip():
            raise ValueError(f"{text!r} is no group: write column=value, several with commas between")
        ends = [start.start() for start in starts[1:]] + [len(text)]
        pairs = zip(starts, ends, strict=True)
        return cls.of({found[1]: text[found.end() : end].strip() for found, end in pairs})

    def __getitem__(self, name: str) -> str:
        return dict(self.conditions)[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.conditions)

    def __len__(self) -> int:
        return len(self.conditions)

    def __le__(self, other: Group) -> bool:
        """Tell whether every row of this group is one of the other."""
        return set(other.conditions) <= set(self.conditions)

    def filter(self) -> pl.Expr:
        """Return the expression that is true for the group's rows; a missing value is in no group."""
        return holds(self)

    def to_json(self) -> str:
        """Return the group as a JSON object, for what leaves the package."""
        return json.dumps(dict(self.conditions), ensure_ascii=False)

"""What is known of Autopilot, as data: each table is a CSV file beside this one, each row names its page."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

SEVERAL = " | "
"""What stands between the names of a cell that lists several, and between the alternatives of a sign."""


@cache
def read_facts(name: str) -> pl.DataFrame:
    """Return one table of facts, every column as text, empty cells as null.

    Args:
        name: The file's name without its ending, such as "sources" or "codes".

    Raises:
        FileNotFoundError: No table of that name ships with the package.
    """
    content = files(__name__).joinpath(f"{name}.csv").read_bytes()
    return pl.read_csv(content, infer_schema=False)


def one_each(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return rows of facts with one row for each name of a cell that lists several, as in "one | another".

    Args:
        rows: Of a table of facts.
        column: Whose cells may list names.

    Example:
        >>> one_each(pl.DataFrame({"provider": ["a | b"], "id": ["1"]}), "provider").rows()
        [('a', '1'), ('b', '1')]
    """
    return rows.with_columns(pl.col(column).str.split(SEVERAL)).explode(column)

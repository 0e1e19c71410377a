"""What is known of Autopilot, as data: each table is a CSV file beside this one, each row names its page."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl


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

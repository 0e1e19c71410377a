"""What is known of Autopilot, as data: each table is a CSV file beside this one, each row names its page."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import polars as pl

SEVERAL = " | "
"""What stands between the names of a cell that lists several, and between the alternatives of a sign."""


PAGE_REPORTS, BY_REPORT = "page_reports", ("event_id", "beside", "unless")
"""The table of what pages of OOBE report, and the columns of others in which its events stand by name."""
REMEDIES = "remedies"
"""The table of remedies that several rows give; a remedy of any table names them in braces."""


@cache
def read_facts(name: str) -> pl.DataFrame:
    """Return one table of facts, every column as text, empty cells as null.

    An event of the pages of OOBE stands in a table by what it reports, such as `{said a value}`: its id is
    that of facts/page_reports.csv. So does a remedy that several rows give, such as `{component store}`: its
    text is that of facts/remedies.csv.

    Args:
        name: The file's name without its ending, such as "sources" or "codes".

    Raises:
        FileNotFoundError: No table of that name ships with the package.
    """
    head, *lines = csv.reader(files(__name__).joinpath(f"{name}.csv").read_text("utf-8").splitlines(True))
    cells = ([cell or None for cell in column] for column in zip(*lines, strict=True))
    rows = pl.DataFrame(dict(zip(head, cells, strict=True)), schema=dict.fromkeys(head, pl.String))
    return _filled(_filled(rows, name, PAGE_REPORTS, BY_REPORT), name, REMEDIES, ("remedy",))


def _filled(rows: pl.DataFrame, name: str, home: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return rows of the table `name` with what columns take by its name from the first two of another."""
    filled = [column for column in columns if column in rows.columns and name != home]
    if not filled:
        return rows
    words = {f"{{{word}}}": text for word, text, *_ in read_facts(home).iter_rows()}
    return rows.with_columns(pl.col(filled).str.replace_many(words))


def shared_remedies() -> dict[str, str]:
    """Return the remedies that several rows give, under their names in facts/remedies.csv."""
    return dict(read_facts(REMEDIES).iter_rows())


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

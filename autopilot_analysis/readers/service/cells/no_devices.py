"""Rows of a list that are none of its records: empty ones, its header again, words in a list of devices."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.own_words import plain
from autopilot_analysis.readers.reading import Unread

FOR_IMPORT = "AutopilotDeviceCsv"
WORDS = r"^\s*(?:#|//)|:\s|:\s*$|\p{L}{3,}\s+\p{L}{2,}|^\s*\p{L}{4,}\s+\d{1,6}\s*$"
"""Two words, a word and a number, or a colon: no serial, though that of a virtual machine has blanks too."""
HASH = "hardwarehash"
LEAST_HASH = 1_000
"""Characters of a hardware hash; a whole one has some thousands."""


def records_alone(report: str, cells: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Unread, ...]]:
    """Return the rows that are records, and what is said of those that are none.

    A spreadsheet saves rows without a cell, a sample explains itself below its rows, and lists that were put
    together carry the header in their midst.

    Args:
        report: The report, as its header shows it.
        cells: Its rows, every column text, under the headers as written.
    """
    cells = _without_empty(cells)
    cells, again = _without_headers(cells)
    if report != FOR_IMPORT:
        return cells, again
    cells, words = _without_words(cells)
    return cells, (*again, *words, *_stubs(cells))


def _blank(columns: pl.Expr) -> pl.Expr:
    return columns.str.strip_chars().fill_null("") == ""


def _without_empty(cells: pl.DataFrame) -> pl.DataFrame:
    """Return rows that have a cell; only where the first column has gaps are all columns looked at."""
    if not cells.width or not cells.select(_blank(pl.first()).any()).item():
        return cells
    return cells.filter(~pl.all_horizontal(_blank(pl.all())))


def _without_headers(cells: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Unread, ...]]:
    """Return rows that do not repeat the header in their first two cells."""
    first = cells.columns[:2]
    same = pl.all_horizontal(pl.col(name).str.strip_chars() == name.strip() for name in first)
    again = int(cells.select(same.sum()).item() or 0) if len(first) > 1 else 0
    if not again:
        return cells, ()
    times = wording.count(again, "time")
    reason = f"the header stands in the midst of the rows {times}: lists were put together"
    return cells.filter(~same.fill_null(value=False)), (Unread(reason),)


def _without_words(cells: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Unread, ...]]:
    """Return rows of devices: one whose only cell is the first, and no serial, explains or sums up."""
    alone = pl.all_horizontal(_blank(pl.all().exclude(cells.columns[0])))
    words = pl.first().str.contains(WORDS).fill_null(value=False) & alone
    number = int(cells.select(words.sum()).item() or 0)
    if not number:
        return cells, ()
    hold, be = ("holds", "is") if number == 1 else ("hold", "are")
    rows = f"{wording.count(number, 'row')} {hold} words in place of a device and {be} not counted"
    reason = f"{rows}; take them out before this list is uploaded"
    return cells.filter(~words), (Unread(reason),)


def _stubs(cells: pl.DataFrame) -> tuple[Unread, ...]:
    """Say that a hardware hash is too short to be one."""
    hashes = [name for name in cells.columns if plain(name) == HASH]
    if not hashes:
        return ()
    sizes = cells[hashes[0]].str.strip_chars().str.len_chars()
    number = int(sizes.is_between(1, LEAST_HASH - 1).sum() or 0)
    if not number:
        return ()
    verb = "is no whole one" if number == 1 else "are no whole ones"
    counted = wording.count(number, "hardware hash", "hardware hashes")
    return (Unread(f"{counted} of this list {verb}: too short; an import refuses it"),)

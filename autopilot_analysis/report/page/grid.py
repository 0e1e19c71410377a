"""A table of a page as markdown or pandas wrote it, rendered to be read and sorted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

from autopilot_analysis import wording
from autopilot_analysis.quoting import CUT
from autopilot_analysis.report.page.tables import STATES, WHOLE_ON_A_PAGE

NUMBER = re.compile(r"-?[\d,]*\.?\d+(?:e[+-]?\d+)?\s?%?\Z", re.IGNORECASE)
PATH = re.compile(r"[^\n:;,\"{}]{1,200}\.[A-Za-z]{2,4}\Z")
"""A member's path; broken into lines it makes every row of its table higher."""
GAP = CUT


@dataclass
class Cell:
    """One cell; `html` is clean already."""

    head: bool = False
    span: int = 1
    html: str = ""

    @property
    def text(self) -> str:
        """What the cell says, without tags."""
        return unescape(re.sub(r"<[^<>]{0,2000}>", "", self.html)).strip()


@dataclass
class Grid:
    """A table being read; `depth` is how many tags stood open around it."""

    depth: int
    in_head: bool = False
    buffer: list[str] = field(default_factory=list)
    head: list[list[Cell]] = field(default_factory=list)
    body: list[list[Cell]] = field(default_factory=list)
    cell: Cell | None = None

    def start_row(self) -> None:
        """Begin a row, in the head or the body."""
        self.end_cell()
        (self.head if self.in_head else self.body).append([])

    def start_cell(self, cell: Cell) -> None:
        """Begin a cell in the row that was begun last."""
        self.end_cell()
        rows = self.head if self.in_head else self.body
        if not rows:
            rows.append([])
        rows[-1].append(cell)
        self.cell = cell

    def end_cell(self) -> None:
        """Put what was written since the cell began into it."""
        if self.cell is not None:
            self.cell.html = "".join(self.buffer).strip()
        self.cell = None
        self.buffer.clear()

    def render(self, label: str, link: Callable[[str], str | None]) -> str:
        """Return the table in its scrolling box."""
        body = [row for row in self.body if row]
        name = escape(f"Table: {label}" if label else "Table")
        if not body:
            return f'<figure class="grid" aria-label="{name}"><p class="none">No rows.</p></figure>'
        numeric = self._numeric(body)
        head = "".join(_head(row, numeric) for row in self.head if row)
        rows = "".join(_row(row, numeric, link) for row in body)
        few = " few" if len(body) <= WHOLE_ON_A_PAGE else ""
        return (
            f'<figure class="grid{few}"><div class="scroll" tabindex="0" role="region" aria-label="{name}">'
            f"<table><thead>{head}</thead><tbody>{rows}</tbody></table></div></figure>"
        )

    def _numeric(self, body: list[list[Cell]]) -> list[bool]:
        width = max((len(row) for row in body), default=0)
        columns = ([row[place].text for row in body if place < len(row)] for place in range(width))
        return [
            any(filled := [text for text in column if text not in ("", GAP, "NaN", "None")])
            and all(len(text) < 40 and NUMBER.match(text) for text in filled)
            for column in columns
        ]


def _is_gap(row: list[Cell]) -> bool:
    return bool(row) and all(cell.text == GAP for cell in row)


def _head(row: list[Cell], numeric: list[bool]) -> str:
    cells = []
    for place, cell in enumerate(row):
        right = ' class="n"' if place < len(numeric) and numeric[place] and cell.span == 1 else ""
        span = f' colspan="{cell.span}"' if cell.span > 1 else ""
        cells.append(f'<th scope="col"{right}{span}>{cell.html}</th>')
    return f"<tr>{''.join(cells)}</tr>"


def _row(row: list[Cell], numeric: list[bool], link: Callable[[str], str | None]) -> str:
    cells = []
    for place, cell in enumerate(row):
        tag = "th" if cell.head else "td"
        scope = ' scope="row"' if cell.head else ""
        names, html = _content(cell, link)
        names = [*names, "n"] if place < len(numeric) and numeric[place] else names
        listed = f' class="{" ".join(names)}"' if names else ""
        cells.append(f"<{tag}{scope}{listed}>{html}</{tag}>")
    gap = ' class="gap"' if _is_gap(row) else ""
    return f"<tr{gap}>{''.join(cells)}</tr>"


def _content(cell: Cell, link: Callable[[str], str | None]) -> tuple[list[str], str]:
    """Return a cell's classes and HTML: states as marks, known pages linked."""
    html, text = cell.html, cell.text
    word = wording.words(text)
    if word in STATES:
        return [], f'<span class="mark {STATES[word]}">{word}</span>'
    if text.startswith("https://") and "<" not in html and (address := link(text)):
        return ["middle"], f'<a href="{escape(address)}" rel="noopener noreferrer">{html}</a>'
    return [_width(text)], html


def _width(text: str) -> str:
    """Return the class that gives a cell room: short texts and paths never break, long ones get a column."""
    if PATH.match(text):
        return "path"
    if "\n" in text or len(text) > 60:
        return "long"
    return "short" if len(text) <= 28 else "middle"

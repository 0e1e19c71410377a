"""A table of a page: rows of cells as frames and markdown write them, rendered to be read and sorted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

from autopilot_analysis.report.cells import MIDNIGHT, all_midnight, name_plainly, say_plainly

NUMBER = re.compile(r"-?[\d,]*\.?\d+(?:e[+-]?\d+)?\s?%?\Z", re.IGNORECASE)
NUMERIC = re.compile(r"(?:[iu](?:8|16|32|64|128)|f(?:32|64)|decimal\[.*\]|duration\[.*\])\Z")
STATES = frozenset(
    [
        "critical",
        "high",
        "warning",
        "info",
        "succeeded",
        "failed",
        "skipped",
        "unfinished",
        "present",
        "partial",
        "absent",
        "damaged",
        "in_progress",
        "abandoned",
    ]
)
"""Cells that hold one of these words alone are shown as a mark, in the words' own colour."""
PATH = re.compile(r"[^\n:;,\"{}]{1,200}\.[A-Za-z]{2,4}\Z")
"""A member's path; broken into lines it makes every row of its table higher."""
GAP = "…"
FEW = 14
"""Tables of so many rows stand whole on one printed page; longer ones may be divided between rows."""


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
    shape: tuple[int, int] | None = None
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
        """Return the table in its scrolling box, with a line that says how many rows there are."""
        types = self._types()
        body = [row for row in self.body if row]
        numeric = self._numeric(types, body)
        name = escape(f"Table: {label}" if label else "Table")
        if not body:
            return f'<figure class="grid" aria-label="{name}"><p class="none">No rows.</p></figure>'
        days = _days(body, types)
        head = "".join(_head(row, types, numeric, days) for row in self.head if row)
        rows = "".join(_row(row, types, numeric, days, link) for row in body)
        count = self._count([row for row in body if not _is_gap(row)], types)
        few = " few" if len(body) <= FEW else ""
        return (
            f'<figure class="grid{few}">{count}'
            f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
            f"<table><thead>{head}</thead><tbody>{rows}</tbody></table></div></figure>"
        )

    def _types(self) -> list[str]:
        """Return the data types, when a polars frame wrote them under the names; their row goes."""
        if self.shape is None or len(self.head) != 2 or any(cell.head for cell in self.head[1]):
            return []
        return [cell.text for cell in self.head.pop()]

    def _numeric(self, types: list[str], body: list[list[Cell]]) -> list[bool]:
        if types:
            return [bool(NUMERIC.match(name)) for name in types]
        width = max((len(row) for row in body), default=0)
        columns = ([row[place].text for row in body if place < len(row)] for place in range(width))
        return [
            any(filled := [text for text in column if text not in ("", GAP, "NaN", "None")])
            and all(len(text) < 40 and NUMBER.match(text) for text in filled)
            for column in columns
        ]

    def _count(self, shown: list[list[Cell]], types: list[str]) -> str:
        if not self.head or not types:
            return ""
        total = self.shape[0] if self.shape else len(shown)
        noun = "row" if total == 1 else "rows"
        words = f"{total:,} {noun}" if total == len(shown) else f"{len(shown):,} of {total:,} {noun}"
        return f'<figcaption class="count">{words}</figcaption>'


def _is_gap(row: list[Cell]) -> bool:
    return bool(row) and all(cell.text == GAP for cell in row)


def _days(body: list[list[Cell]], types: list[str]) -> list[bool]:
    """Return which columns hold days rather than instants: every one of them midnight."""
    days = []
    for place, kind in enumerate(types):
        texts = [row[place].text for row in body if place < len(row) and row[place].html != "null"]
        told = [say_plainly(text, kind) for text in texts if text != GAP]
        days.append(kind.startswith("datetime") and all_midnight(told))
    return days


def _head(row: list[Cell], types: list[str], numeric: list[bool], days: list[bool]) -> str:
    cells = []
    for place, cell in enumerate(row):
        right = ' class="n"' if place < len(numeric) and numeric[place] and cell.span == 1 else ""
        span = f' colspan="{cell.span}"' if cell.span > 1 else ""
        kind = types[place] if place < len(types) and not days[place] else ""
        html = name_plainly(cell.html, kind)
        html = html.replace("_", " ") if types else html
        cells.append(f'<th scope="col"{right}{span}>{html}</th>')
    return f"<tr>{''.join(cells)}</tr>"


def _row(
    row: list[Cell],
    types: list[str],
    numeric: list[bool],
    days: list[bool],
    link: Callable[[str], str | None],
) -> str:
    cells = []
    for place, cell in enumerate(row):
        kind = types[place] if place < len(types) else ""
        right = place < len(numeric) and numeric[place]
        tag = "th" if cell.head else "td"
        scope = ' scope="row"' if cell.head else ""
        if kind and (told := _told(cell, kind, day=days[place])):
            names, html = told
        else:
            names, html = _content(cell, link)
        names = [*names, "n"] if right else names
        listed = f' class="{" ".join(names)}"' if names else ""
        cells.append(f"<{tag}{scope}{listed}>{html}</{tag}>")
    gap = ' class="gap"' if _is_gap(row) else ""
    return f"<tr{gap}>{''.join(cells)}</tr>"


def _told(cell: Cell, kind: str, *, day: bool) -> tuple[list[str], str] | None:
    """Return classes and HTML of a cell of a frame: a dash for null, numbers and instants said plainly."""
    if cell.html == "null":
        return ["null"], '<span aria-label="nothing known">–</span>'
    text, said = cell.text, say_plainly(cell.text, kind)
    if kind in ("str", "enum", "cat"):
        if said != text and said.endswith(" UTC") and text[1:-1] != said:
            cell.html = escape(said)
        elif said != text:
            cell.html = cell.html.removeprefix("&quot;").removesuffix("&quot;")
        return None
    said = said.removesuffix(MIDNIGHT) if day else said
    if said == text or "<" in cell.html:
        return None
    return ["short"], f'<span title="{escape(text)}">{escape(said)}</span>'


def _content(cell: Cell, link: Callable[[str], str | None]) -> tuple[list[str], str]:
    """Return a cell's classes and HTML: states as marks, known pages linked."""
    html, text = cell.html, cell.text
    if text in STATES:
        return [], f'<span class="mark {text}">{text.replace("_", " ")}</span>'
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

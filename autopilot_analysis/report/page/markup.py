"""Turns whatever a notebook shows into HTML that can do nothing: known tags, no links out, no scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from autopilot_analysis.quoting import visible
from autopilot_analysis.report.page.grid import Cell, Grid

KEPT = frozenset(
    [
        "p",
        "div",
        "span",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "code",
        "kbd",
        "samp",
        "em",
        "strong",
        "b",
        "i",
        "s",
        "del",
        "sub",
        "sup",
        "small",
        "mark",
        "a",
        "img",
    ]
)
EMPTY = frozenset(["br", "hr", "img"])
DROPPED = frozenset(["style"])
TABLE = frozenset(["table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "colgroup", "col"])
LINKED = ("microsoft.com", "learn.microsoft.com", "support.microsoft.com", "techcommunity.microsoft.com")
IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*\Z")


def plain(text: str) -> str:
    """Return text as HTML that shows it, character for character."""
    return escape(visible(text))


def clean(html: str, *, label: str = "", trusted: bool = False, shown: Callable[[str], str] = visible) -> str:
    """Return the HTML with everything that is not plain content turned into text.

    The result is written anew from known tags, escaped text and checked attributes, so that no difference
    between parsers matters; every tag opened is closed, and tables become grids that a page can sort.

    Args:
        html: What markdown or a frame gave.
        label: What its tables and images are about, for those who cannot see them.
        trusted: Whether an author wrote it: then https links stay links whatever their host, and comments
            are seen by nobody.
        shown: What to do to each piece of text before it is escaped.
    """
    cleaner = _Cleaner(label, trusted, shown)
    cleaner.feed(html)
    return cleaner.finish()


def link(address: str, *, trusted: bool = False) -> str | None:
    """Return the address when a page may link to it, else None."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme == "" and parts.netloc == "" and address.startswith("#"):
        return address
    host = parts.hostname or ""
    known = host in LINKED and "@" not in parts.netloc
    return address.strip() if parts.scheme == "https" and (known or (trusted and host)) else None


class _Cleaner(HTMLParser):
    """Writes what it reads anew; inside a table it fills a grid instead."""

    def __init__(self, label: str, trusted: bool, shown: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self.label, self.trusted, self.shown = label, trusted, shown
        self.out: list[str] = []
        self.open: list[str] = []
        self.grid: Grid | None = None
        self.tables = 0
        self.dropping = ""

    def finish(self) -> str:
        self.close()
        if self.grid is not None:
            self._end_table()
        self._close_to(0)
        return "".join(self.out)

    # -- what the parser meets -------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in DROPPED:
            self.dropping = tag
        elif tag in TABLE:
            self._start_in_table(tag, given)
        elif tag in KEPT:
            self._start(tag, given)
        else:
            self._write(escape(self.shown(self.get_starttag_text() or "")))

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self.dropping:
            self.dropping = ""
        elif tag in TABLE:
            self._end_in_table(tag)
        elif tag in KEPT:
            self._end(tag)
        else:
            self._write(escape(f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        if self.dropping:
            return
        self._write(escape(self.shown(data)))

    def handle_comment(self, data: str) -> None:
        if not self.trusted:
            self._write(escape(self.shown(f"<!--{data}-->")))

    def handle_decl(self, decl: str) -> None:
        self._write(escape(self.shown(f"<!{decl}>")))

    def unknown_decl(self, data: str) -> None:
        self.handle_decl(f"[{data}]")

    def handle_pi(self, data: str) -> None:
        self._write(escape(self.shown(f"<?{data}>")))

    # -- outside tables --------------------------------------------------------------------------------

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "img":
            self._image(given)
        elif tag == "a":
            address = link(given.get("href", ""), trusted=self.trusted)
            self.open.append("a" if address else "span")
            opening = f'<a href="{escape(address)}" rel="noopener noreferrer">' if address else "<span>"
            self._write(opening)
        else:
            self._write(f"<{tag}>")
            if tag not in EMPTY:
                self.open.append(tag)

    def _end(self, tag: str) -> None:
        wanted = "span" if tag == "a" and "a" not in self.open else tag
        floor = self.grid.depth if self.grid is not None else 0
        for place in range(len(self.open) - 1, floor - 1, -1):
            if self.open[place] == wanted:
                self._close_to(place)
                return

    def _image(self, given: dict[str, str]) -> None:
        alt = escape(self.shown(given.get("alt") or self.label))
        if IMAGE.match(given.get("src", "")):
            self._write(f'<img src="{escape(given["src"])}" alt="{alt}">')
        else:
            self._write(f"<span>[{alt or 'image'}]</span>")

    def _close_to(self, place: int) -> None:
        while len(self.open) > place:
            self._write(f"</{self.open.pop()}>")

    def _write(self, html: str) -> None:
        (self.out if self.grid is None else self.grid.buffer).append(html)

    # -- inside tables ---------------------------------------------------------------------------------

    def _start_in_table(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table":
            self.tables += 1
            if self.tables == 1:
                self.grid = Grid(depth=len(self.open))
        elif self.tables == 1 and self.grid is not None:
            self._close_to(self.grid.depth)
            if tag in ("th", "td"):
                span = given.get("colspan", "1")
                self.grid.start_cell(Cell(head=tag == "th", span=int(span) if span.isdecimal() else 1))
            elif tag == "tr":
                self.grid.start_row()
            elif tag in ("thead", "tbody", "tfoot"):
                self.grid.in_head = tag == "thead"

    def _end_in_table(self, tag: str) -> None:
        if tag == "table":
            self.tables = max(0, self.tables - 1)
            if self.tables == 0 and self.grid is not None:
                self._end_table()
        elif tag in ("th", "td", "tr") and self.tables == 1 and self.grid is not None:
            self._close_to(self.grid.depth)
            self.grid.end_cell()

    def _end_table(self) -> None:
        grid = self.grid
        if grid is None:
            return
        self._close_to(grid.depth)
        grid.end_cell()
        self.grid, self.tables = None, 0
        self._write(grid.render(self.label, link))

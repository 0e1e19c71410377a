"""MDMDiagHTMLReport.html, the report a person opens in a browser, -> settings and properties.

Its tables tell which policies hold, which group policies a management policy blocked, which policies nobody
manages, and facts of device, connection and certificates. Columns are found by their headings.
"""

from __future__ import annotations

import re
from html import unescape

import msgspec

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.mdm_report.settings import Settings
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.text import decode
from autopilot_analysis.readers.texts.properties import Properties

_WRITTEN = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\s.{0,20}\d{1,2}:\d\d.{0,20}")
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15})(?P<attributes>[^<>]*)>")
_TITLE = re.compile(r"class\s*=\s*[\"']?[^\"'>]{0,80}\bSectionTitle\b")
_SILENT = ("script", "style", "button")


def read_mdm_report_html(content: bytes, member: str = "") -> Reading:
    """Return the settings and the facts of the report's tables.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of settings and properties. A managed policy is "in effect", with its source behind it, and
        its default a property; a blocked group policy is "blocked by" the URIs that block it. The page also
        lists every policy of Windows that nobody manages: that is a dictionary, no setting, and only their
        number an area is a property. Tables of other kinds are properties: in two columns name and value, in
        more one section a row.

    Raises:
        NotThisFormat: There is neither a table nor the report's title.
    """
    text = decode(content)
    page = _Page(text)
    if not page.tables and "MDM Diagnostic" not in text:
        raise NotThisFormat.of(member, "holds no table of an MDM diagnostics report.")
    settings, found = Settings(), Properties()
    for written in page.dates[:1]:
        found.add("", "report created", written)
    for table in page.tables:
        table.add_to(settings, found)
    cut = () if page.ended else (Unread("the page breaks off before its closing tag; tables may be missing"),)
    return Reading({"settings": settings.frame(), **found.reading().rows}, cut)


class _Table(msgspec.Struct):
    """One table: the title above it, its headings in lower case, its rows of cells."""

    title: str
    headings: list[str] = msgspec.field(default_factory=list)
    rows: list[list[str]] = msgspec.field(default_factory=list)

    def add_to(self, settings: Settings, found: Properties) -> None:
        """Add the table's rows to settings or properties, as its headings demand."""
        policies = next((heading for heading in self.headings if heading.startswith("policy (")), None)
        for number, cells in enumerate(self.rows, 1):
            row = dict(zip(self.headings, cells, strict=False))
            if policies:
                unmanaged = sum(1 for line in row.get(policies, "").split("\n") if line.strip())
                found.add(self.title, row.get("area") or "", str(unmanaged))
            elif {"policy", "current value"} <= row.keys():
                _add_managed(settings, found, row)
            elif "blocked gp value name" in row:
                status = f"blocked by {row.get('mdm uris blocking gp', 'MDM')}"
                name, value = row["blocked gp value name"], row.get("blocked value")
                settings.add(None, row.get("blocked gp entity"), name, value, status=status)
            elif len(cells) == 2:
                found.add(self.title, cells[0].rstrip(": "), cells[1])
            else:
                for place, cell in enumerate(cells):
                    name = self.headings[place] if place < len(self.headings) else f"column {place + 1}"
                    found.add(f"{self.title}/row {number}".strip("/"), name, cell)


def _add_managed(settings: Settings, found: Properties, row: dict[str, str]) -> None:
    """Add one managed policy, and its default as a property."""
    source = row.get("config source", "")
    status = f"in effect, from {source}" if source else "in effect"
    settings.add(row.get("target"), row.get("area"), row["policy"], row["current value"], status=status)
    if "default value" in row:
        found.add(f"default value/{row.get('area', '')}".rstrip("/"), row["policy"], row["default value"])


class _Page:
    """The tables of a page, each with the section title that stands above it.

    One pass over the tags in the time the page's length allows, however broken it is.
    """

    def __init__(self, text: str) -> None:
        self.tables: list[_Table] = []
        self.dates: list[str] = []
        self.ended = False
        self._title: str | None = None
        self._table: _Table | None = None
        self._cells: list[str] = []
        self._text: list[str] | None = None
        self._heads = 0
        self._silent: str | None = None
        self._titling = False
        self._read(_without_comments(text))

    def _read(self, text: str) -> None:
        """Take every tag and the text that follows it."""
        tags = list(_TAG.finditer(text))
        ends = [*(tag.start() for tag in tags[1:]), len(text)]
        for tag, end in zip(tags, ends, strict=False):
            name = tag["name"].lower()
            if self._silent:
                self._silent = None if tag["close"] and name == self._silent else self._silent
            elif tag["close"]:
                self._close(name)
            else:
                self._open(name, tag["attributes"])
            if not self._silent:
                self._say(unescape(text[tag.end() : end]))
        self._close_row()

    def _open(self, tag: str, attributes: str) -> None:
        """Open a title, a table, a row or a cell."""
        self._silent = tag if tag in _SILENT else None
        self._titling = tag == "div" and _TITLE.search(attributes) is not None
        if tag == "table":
            self._close_row()
            self._table = _Table(self._title or "")
            self.tables.append(self._table)
        elif tag == "tr":
            self._close_row()
        elif tag in ("td", "th") and self._table:
            self._close_cell()
            self._text, self._heads = [], self._heads + (tag == "th")
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def _close(self, tag: str) -> None:
        """Close a cell, a row, a table or the page."""
        self._titling = False
        if tag in ("td", "th"):
            self._close_cell()
        elif tag in ("tr", "table"):
            self._close_row()
        self._table = None if tag == "table" else self._table
        self.ended = self.ended or tag in ("body", "html")

    def _say(self, text: str) -> None:
        """Take text: of a title, of a cell, or the date in the head."""
        if self._titling:
            self._title = text.strip() or self._title
        elif self._text is not None:
            self._text.append(text)
        elif not self.tables and _WRITTEN.fullmatch(text.strip()[:100]):
            self.dates.append(text.strip())

    def _close_cell(self) -> None:
        """End the open cell, if there is one."""
        if self._text is not None:
            self._cells.append("".join(self._text).strip())
        self._text = None

    def _close_row(self) -> None:
        """End the open row, if there is one: headings when all its cells are, cells else."""
        self._close_cell()
        if self._table and self._cells:
            if self._heads == len(self._cells) and not self._table.headings:
                self._table.headings = [cell.lower() for cell in self._cells]
            else:
                self._table.rows.append(self._cells)
        self._cells, self._heads = [], 0


def _without_comments(text: str) -> str:
    """Return the text without its comments; one that never ends takes the rest."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("-->", start + 4)
        at = len(text) if end < 0 else end + 3
    return "".join([*kept, text[at:]])

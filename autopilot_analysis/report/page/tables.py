"""A laid-out frame as HTML: sortable, searchable, nothing cut."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from html import escape
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autopilot_analysis import quoting, wording
from autopilot_analysis.codes import explain
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.report.page.frames import same_in_words
from autopilot_analysis.report.page.statements import Cell
from autopilot_analysis.tables.capture import ABSENT, PRESENT
from autopilot_analysis.tables.verdict import SEVERITIES

STATES = {
    wording.words(state): state
    for state in (
        *SEVERITIES,
        *("succeeded", "failed", "skipped", "unfinished", "in_progress", "abandoned"),
        *(PRESENT, "partial", ABSENT, "damaged"),
    )
}
"""Cells that hold one of these words alone are shown as a mark, in the colour of the state that they say."""
WHOLE_ON_A_PAGE = 14
"""Tables of so many rows stand whole on one printed page; longer ones may be divided between rows."""
WIDE_FROM = 10
"""Tables of more columns are printed in smaller type, so that none is cut at the edge of the paper."""
RANKS = {wording.words(severity): place for place, severity in enumerate(SEVERITIES)}
"""By what a severity is sorted, however it is called."""
PLACE = ("Member", "Record")
"""Columns that say where a row comes from."""
TINY = 12
"""A text of at most so many characters is never broken on paper either."""
FOLDED_FROM = 600
"""A text of more characters is folded behind its first line."""
FIRST = 160


def record_anchor(place: str, device: str = "") -> str:
    """Return the anchor of a record in a page, from its member and record as the answer names them.

    Args:
        place: Member and record.
        device: Whose record it is: exports of many devices have members of the same names.
    """
    return "r-" + hashlib.sha256(f"{device}\n{place}".encode()).hexdigest()[:12]


def table_html(
    laid: Mapping[str, Any],
    *,
    label: str = "",
    shown: Callable[[str], str] = quoting.visible,
    link: Callable[[str], str | None] = lambda _: None,
    anchors: set[str] | None = None,
    rest: str = "",
    zones: Mapping[str, str] | None = None,
) -> str:
    """Return a laid-out frame as a figure with its count, its table, and what is alike in all rows.

    A single row stands upright: a column below the other, as a list of facts.

    Args:
        laid: What `lay_out` returned.
        label: What the table is about, for those who cannot see it.
        shown: What to do to each text before it is escaped.
        link: Returns an address that a cell may link to, else None.
        anchors: Anchors given to records so far; those of this table are added.
        rest: How to see the rows that are not laid out.
        zones: IANA names of the devices' time zones: an instant says on hover what the device's clock showed.
    """
    name = escape(shown(f"Table: {label}" if label else "Table"))
    rows, columns = laid["rows"], laid["columns"]
    if not rows:
        return f'<figure class="grid" aria-label="{name}"><p class="none">No rows.</p></figure>'
    named, clocks = _anchors(laid, anchors), _clocks(laid, zones or {})
    drawn = [
        [_cell(cell, column["kind"], shown, link, clock) for cell, column in zip(row, columns, strict=True)]
        for row, clock in zip(rows, clocks, strict=True)
    ]
    if len(rows) == 1 and laid["total"] == 1:
        return _upright(columns, drawn[0], named[0], name, shown)
    head = "".join(_head(column, shown) for column in columns)
    body = "".join(f"<tr{anchor}>{''.join(row)}</tr>" for row, anchor in zip(drawn, named, strict=True))
    few = " few" if len(rows) <= WHOLE_ON_A_PAGE else ""
    wide = " wide" if len(columns) > WIDE_FROM else ""
    same = same_in_words(laid["same"])
    note = f'<p class="same">{escape(shown(same))}</p>' if same else ""
    return (
        f'<figure class="grid{few}{wide}"><figcaption class="count">{_count(laid, rest)}</figcaption>{note}'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></figure>"
    )


def _count(laid: Mapping[str, Any], rest: str) -> str:
    shown, total = len(laid["rows"]), laid["total"]
    if shown == total:
        return wording.count(total, "row")
    return f"first {shown:,} of {total:,} rows" + (f"; {escape(rest)}" if rest else "")


def _head(column: Mapping[str, str], shown: Callable[[str], str]) -> str:
    right = ' class="n"' if column["kind"] == "number" else ""
    return f'<th scope="col"{right}>{escape(shown(column["name"]))}</th>'


def _anchors(laid: Mapping[str, Any], anchors: set[str] | None) -> list[str]:
    """Return each row's anchor as an attribute: that of its record, where it is the first to show it."""
    names = [column["name"] for column in laid["columns"]]
    same = dict(laid["same"])
    if anchors is None or "Member" not in (*names, *same):
        return [""] * len(laid["rows"])
    attributes = []
    for row in laid["rows"]:
        texts = {**same, **{name: _text_of(cell) for name, cell in zip(names, row, strict=True)}}
        member, record, device = (texts.get(name, "") for name in (*PLACE, "Device"))
        anchor = record_anchor(wording.place_of(member, record or None), device)
        attributes.append("" if anchor in anchors or not member else f' id="{anchor}"')
        anchors.add(anchor)
    return attributes


def _upright(
    columns: Sequence[Mapping[str, str]],
    row: Sequence[str],
    anchor: str,
    name: str,
    shown: Callable[[str], str],
) -> str:
    """Return the one row of a table as a list of facts, each behind the name of its column."""
    facts = "".join(
        f'<tr><th scope="row">{escape(shown(column["name"]))}</th>{cell}</tr>'
        for column, cell in zip(columns, row, strict=True)
    )
    return (
        f'<figure class="grid few facts"{anchor}><div class="scroll" tabindex="0" role="region"'
        f' aria-label="{name}"><table><tbody>{facts}</tbody></table></div></figure>'
    )


def _clocks(laid: Mapping[str, Any], zones: Mapping[str, str]) -> list[str]:
    """Return for each row the time zone of its device; of rows that name none, the only one there is."""
    names, same = [column["name"] for column in laid["columns"]], dict(laid["same"])
    alone = next(iter(zones.values())) if len(set(zones.values())) == 1 else ""
    place = names.index("Device") if "Device" in names else None
    if place is None:
        return [zones.get(same["Device"], "") if "Device" in same else alone] * len(laid["rows"])
    return [zones.get(_text_of(row[place]), "") for row in laid["rows"]]


def _on_device(text: str, zone: str) -> str:
    """Return what the device's clock showed at an instant, as an attribute; nothing where it is unknown."""
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    offset = f"{wording.ZONE}{at.isoformat()[-6:]}"
    return f' title="{wording.instant(at)} on the device ({offset}, {escape(zone)})"'


def _text_of(cell: Cell) -> str:
    return "" if cell is None else str(cell[0]) if isinstance(cell, list) else cell


def _cell(
    cell: Cell, kind: str, shown: Callable[[str], str], link: Callable[[str], str | None], zone: str
) -> str:
    if cell is None:
        return '<td class="null"><span aria-label="nothing known">–</span></td>'
    text = shown(_text_of(cell))
    value = f' data-v="{float(cell[1])!r}"' if isinstance(cell, list) else ""
    if kind == "number":
        return f'<td class="n{" tiny" if len(text) <= TINY else ""}"{value}>{escape(text)}</td>'
    if kind == "instant":
        return f'<td class="short instant"{_on_device(text, zone) if zone else ""}>{escape(text)}</td>'
    if kind == "state" and text in STATES:
        rank = f' data-v="{RANKS[text]}"' if text in RANKS else ""
        return f'<td{rank}><span class="mark {STATES[text]}">{escape(text)}</span></td>'
    if text.startswith("https://") and (address := link(text)):
        return f'<td class="middle">{page_link(escape(text), address)}</td>'
    if kind == "page" and (address := address_of(text)):
        return f'<td class="middle">{page_link(escape(text), address)}</td>'
    if kind == "code" and (address := _page_of(text)):
        code, colon, meaning = text.partition(": ")
        rest = escape(f"{colon}{meaning}")
        return f'<td class="{_width(text, kind)}">{page_link(escape(code), address)}{rest}</td>'
    return f'<td class="{_width(text, kind)}"{value}>{_folded(text)}</td>'


def page_link(html: str, address: str | None) -> str:
    """Return words that lead to a page when they are clicked; the words alone where no address is known.

    Args:
        html: The words, escaped already.
        address: Where the page lies.
    """
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{html}</a>' if address else html


@cache
def _page_of(text: str) -> str | None:
    """Return the address of the page that explains the code which a cell begins with."""
    return address_of(explain(text.partition(": ")[0]).page)


def _folded(text: str) -> str:
    """Return text whole; a very long one behind its first words, to be opened."""
    if len(text) <= FOLDED_FROM:
        return escape(text)
    first = re.sub(r"\s\S*\Z", "", text[:FIRST])
    return f"<details><summary>{escape(first)}</summary>{escape(text[len(first) :])}</details>"


def _width(text: str, kind: str) -> str:
    """Return the class that gives a cell room: short texts never break, long ones get a column."""
    if kind == "path" and len(text) > 28:
        return "path"
    if "\n" in text or len(text) > 60:
        return "long"
    return "middle" if len(text) > 28 else "short" if len(text) > TINY else "short tiny"

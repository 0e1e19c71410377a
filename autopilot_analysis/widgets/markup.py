"""Values, frames and pictures as HTML in which nothing that came from an export can act."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

import polars as pl

ROWS = 50
"""Most rows of a frame that are laid out; a widget is for looking, the frame itself for working."""

SHORT = 28
"""A cell of so many characters stays on one line."""

LONGEST = 400
"""Most characters of one cell."""

SHARES = ("share", "low", "high", "rest_share", "cumulative", "support")

STYLE = """<style>
.autopilot-explorer table {border-collapse: collapse; font-size: 12px; line-height: 1.35; margin: 2px 0 10px}
.autopilot-explorer p, .autopilot-explorer caption {line-height: 1.35}
.autopilot-explorer caption {text-align: left; font-weight: 600; padding: 4px 0}
.autopilot-explorer th, .autopilot-explorer td {text-align: left; vertical-align: top; white-space: pre-wrap;
  padding: 2px 10px 2px 0; border-bottom: 1px solid var(--jp-border-color2, #ddd)}
.autopilot-explorer td {min-width: 2em; max-width: 60em; overflow-wrap: break-word}
.autopilot-explorer th, .autopilot-explorer td.short {white-space: nowrap}
.autopilot-explorer .scrolls {overflow-x: auto}
.autopilot-explorer img {max-width: 100%; height: auto; background: white}
.jp-OutputArea:has(.autopilot-explorer) > .jp-OutputArea-child:has(> .jp-RenderedImage),
.jp-OutputArea:has(.autopilot-explorer) > .jp-OutputArea-child:has(> .jp-RenderedHTMLCommon) {display: none}
</style>"""
"""How an explorer looks; while one is live, the picture and tables saved beside it are not shown twice."""


def spell(value: object, name: str = "") -> str:
    """Return a value as a person reads it: instants in UTC, spans in hours and minutes, shares in percent.

    Args:
        value: A cell of a frame; None becomes an empty text.
        name: The column it stands in.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, timedelta):
        return spell_span(value)
    if isinstance(value, float):
        return f"{value:.1%}" if name in SHARES else f"{value:.3g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if name not in ("record", "event_id") else str(value)
    text = visible(str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def visible(text: str) -> str:
    """Return text whose control characters are replaced by a visible stand-in."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def spell_span(span: timedelta) -> str:
    """Return a span as hours, minutes and seconds, the two largest that count."""
    seconds = round(abs(span).total_seconds())
    sign = "−" if span < timedelta() else ""
    if seconds < 60:
        return f"{sign}{seconds} s"
    if seconds < 3600:
        return f"{sign}{seconds // 60} min {seconds % 60:02d} s"
    return f"{sign}{seconds // 3600:,} h {seconds % 3600 // 60:02d} min"


def showing(shown: int, there: int, things: str) -> str:
    """Return how many of a list are shown, such as "showing 50 of 10,000 devices"."""
    one = things.removesuffix("s") if there == 1 else things
    return f"showing {shown:,} of {there:,} {one}" if shown < there else f"{there:,} {one}"


def beside(*parts: str | None) -> str:
    """Return the parts that say something as one label, dots between them."""
    return " · ".join(spell(part) for part in parts if part)


def sentence(text: str) -> str:
    """Return text as a status line that screen readers announce."""
    return f'<p role="status" style="margin:4px 0;white-space:pre-wrap">{_inert(text)}</p>'


def picture(png: bytes, alt: str) -> str:
    """Return a picture that needs no file and no network, with its words."""
    return f'<img alt="{_inert(alt)}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def table(caption: str, frame: pl.DataFrame) -> str:
    """Return the first rows of a frame as a table.

    Args:
        caption: What the table shows.
        frame: Any frame; every cell is escaped.
    """
    note = f" ({showing(ROWS, frame.height, 'rows')})" if frame.height > ROWS else ""
    if frame.is_empty():
        return f"<p><b>{_inert(caption)}</b>: none</p>"
    head = _row("th", [name.replace("_", " ") for name in frame.columns], ' scope="col"')
    body = "".join(
        _row("td", [spell(value, name) for name, value in zip(frame.columns, row, strict=True)])
        for row in frame.head(ROWS).iter_rows()
    )
    top = f"<caption>{_inert(caption + note)}</caption><thead>{head}</thead>"
    return f'<div class="scrolls" tabindex="0"><table>{top}<tbody>{body}</tbody></table></div>'


def _inert(text: str) -> str:
    """Return text as HTML that shows it and nothing else."""
    return escape(visible(text))


def _row(tag: str, cells: Sequence[str], more: str = "") -> str:
    short = [
        ' class="short"' if tag == "td" and len(cell) <= SHORT and "\n" not in cell else "" for cell in cells
    ]
    filled = (f"<{tag}{more}{kind}>{_inert(cell)}</{tag}>" for cell, kind in zip(cells, short, strict=True))
    return f"<tr>{''.join(filled)}</tr>"

"""Values, frames and pictures as HTML in which nothing that came from an export can act."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

import polars as pl

from autopilot_analysis import quoting
from autopilot_analysis.report.cells import ROWS
from autopilot_analysis.report.page.frames import lay_out, same_in_words, spell
from autopilot_analysis.report.page.statements import Cell
from autopilot_analysis.wording import BETWEEN

LIVE = "Live in JupyterLab and Voilà;"
MOST_LISTED = 200
"""Most devices or records a list offers at a time; the search narrows it."""
SHORT = 28
"""A cell of so many characters stays on one line."""

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


def showing(shown: int, there: int, things: str) -> str:
    """Return how many of a list are shown, such as "showing 50 of 10,000 devices"."""
    one = things.removesuffix("s") if there == 1 else things
    return f"showing {shown:,} of {there:,} {one}" if shown < there else f"{there:,} {one}"


def beside(*parts: str | None) -> str:
    """Return the parts that say something as one label, dots between them."""
    return BETWEEN.join(spell(part) for part in parts if part)


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
    laid = lay_out(frame, most=ROWS)
    head = _row("th", [column["name"] for column in laid["columns"]], ' scope="col"')
    body = "".join(_row("td", [_shown(cell) for cell in row]) for row in laid["rows"])
    same = same_in_words(laid["same"])
    top = f"<caption>{_inert(' '.join(part for part in (caption + note, same) if part))}</caption>"
    top += f"<thead>{head}</thead>"
    return f'<div class="scrolls" tabindex="0"><table>{top}<tbody>{body}</tbody></table></div>'


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell[0]) if isinstance(cell, list) else cell


def _inert(text: str) -> str:
    """Return text as HTML that shows it and nothing else."""
    return escape(quoting.visible(text))


def _row(tag: str, cells: Sequence[str], more: str = "") -> str:
    short = [
        ' class="short"' if tag == "td" and len(cell) <= SHORT and "\n" not in cell else "" for cell in cells
    ]
    filled = (f"<{tag}{more}{kind}>{_inert(cell)}</{tag}>" for cell, kind in zip(cells, short, strict=True))
    return f"<tr>{''.join(filled)}</tr>"

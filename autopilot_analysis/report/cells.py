"""What a notebook shows of a frame and an answer: HTML, and beside it the data that a page lays out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Answer, Answers
from autopilot_analysis.report.answers import answer_html, answers_of
from autopilot_analysis.report.page.frames import lay_out
from autopilot_analysis.report.page.tables import table_html
from autopilot_analysis.timeline.page import SHOWN_AS

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib.figure import Figure

FRAME = "application/vnd.autopilot-analysis.frame+json"
ANSWER = "application/vnd.autopilot-analysis.answer+json"
ROWS = 25
"""Rows of a table that is shown at first; a page holds more, in a box that scrolls."""
ROWS_OF_A_PAGE = 2000
REST = "the frame holds them all"


def frame_html(frame: pl.DataFrame) -> str:
    """Return a frame as a notebook shows it.

    Args:
        frame: Any frame; its first rows are shown, and how many there are.
    """
    return table_html(lay_out(frame, most=ROWS), rest=REST)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Let a notebook show frames and answers as people read them; `%load_ext autopilot_analysis` calls this.

    Args:
        shell: The notebook's own.
    """
    formatter: Any = shell.display_formatter
    html, bundle = formatter.formatters["text/html"], formatter.mimebundle_formatter
    html.for_type(pl.DataFrame, frame_html)
    if hasattr(shell, "kernel"):  # what shows HTML has no use for the frame once more in a drawn box
        formatter.formatters["text/plain"].for_type(pl.DataFrame, lambda frame, p, _: p.text(_named(frame)))
    for kind in (Answer, Answers):
        html.for_type(kind, lambda shown: answer_html(answers_of(shown)))
    if os.environ.get(SHOWN_AS) == "page":
        bundle.for_type(pl.DataFrame, lambda frame, **_: {FRAME: lay_out(frame, most=ROWS_OF_A_PAGE)})
        for kind in (Answer, Answers):
            bundle.for_type(kind, lambda shown, **_: {ANSWER: answers_of(shown)})
    else:
        bundle.for_type_by_name("matplotlib.figure", "Figure", lambda figure, **_: ({}, _described(figure)))


def _named(frame: pl.DataFrame) -> str:
    """Return how many rows a frame has, and its columns by name."""
    return f"{wording.count(frame.height, 'row')}: {', '.join(frame.columns)}"


def _described(figure: Figure) -> dict[str, Any]:
    """Return what a figure says it shows as the metadata of its picture, for those who cannot see it."""
    return {"image/png": {"alt": str(figure.get_label())}} if figure.get_label() else {}

from __future__ import annotations

import polars as pl
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from autopilot_analysis.findings import Answer, Line, Section
from autopilot_analysis.report.cells import (
    ANSWER,
    FRAME,
    ROWS,
    frame_html,
    load_ipython_extension,
)
from autopilot_analysis.timeline.page import SHOWN_AS

SHOWN = Answer("SN-0001", "1 attempt failed", "failed", (Section("Why", (Line("No."),)),))


@pytest.fixture
def shell():
    return InteractiveShell()


def shows(shell, value):
    return shell.display_formatter.format(value)[0]


def test_a_notebook_shows_frames_and_answers_as_people_read_them(shell, monkeypatch):
    monkeypatch.delenv(SHOWN_AS, raising=False)
    load_ipython_extension(shell)
    assert shows(shell, pl.DataFrame({"n": [1]}))["text/html"] == frame_html(pl.DataFrame({"n": [1]}))
    assert set(shows(shell, SHOWN)) == {"text/plain", "text/html"}
    assert shows(shell, SHOWN)["text/plain"].startswith("SN-0001: 1 attempt failed\nWhy ")


def test_run_for_a_page_the_data_stands_beside_the_html(shell, monkeypatch):
    monkeypatch.setenv(SHOWN_AS, "page")
    load_ipython_extension(shell)
    laid = shows(shell, pl.DataFrame({"n": range(ROWS + 5)}))[FRAME]
    assert (len(laid["rows"]), laid["total"]) == (ROWS + 5, ROWS + 5)
    assert shows(shell, SHOWN)[ANSWER]["answers"][0]["subject"] == "SN-0001"


def test_what_shows_html_names_a_frame_in_its_text_and_a_terminal_draws_it(shell, monkeypatch):
    monkeypatch.delenv(SHOWN_AS, raising=False)
    load_ipython_extension(shell)
    assert "shape: (1, 2)" in shows(shell, pl.DataFrame({"a": [1], "b": [2]}))["text/plain"]
    shell.kernel = object()
    load_ipython_extension(shell)
    assert shows(shell, pl.DataFrame({"a": [1], "b": [2]}))["text/plain"] == "1 row: a, b"


def test_a_stored_figure_carries_in_words_what_it_shows(shell, monkeypatch):
    monkeypatch.delenv(SHOWN_AS, raising=False)
    load_ipython_extension(shell)
    described, silent = Figure(), Figure()
    described.set_label("3 failures.")
    assert shell.display_formatter.format(described)[1]["image/png"]["alt"] == "3 failures."
    assert "image/png" not in shell.display_formatter.format(silent)[1]


def test_a_notebook_shows_the_first_rows_and_says_where_the_others_are():
    html = frame_html(pl.DataFrame({"n": range(ROWS + 1)}))
    assert f"first {ROWS} of {ROWS + 1} rows; the frame holds them all" in html

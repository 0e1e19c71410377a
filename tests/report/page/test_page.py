"""The page of an executed notebook: its title, its parts, and what stands above everything else."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.report.cells import ANSWER, ROWS
from autopilot_analysis.report.notebooks import read_nodes
from autopilot_analysis.report.page.page import (
    LONGEST_HEAD,
    Page,
    build_page,
    page_style,
    paper_style,
    refuse_misfit,
)


def notebook(*cells):
    return read_nodes(json.dumps({"cells": list(cells)}))


def prose(source, *tags):
    return {"cell_type": "markdown", "source": source, "metadata": {"tags": list(tags)}}


def text(output, *tags):
    shown = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": output}}
    return {"cell_type": "code", "source": "", "metadata": {"tags": list(tags)}, "outputs": [shown]}


def test_the_first_heading_is_the_title_and_the_others_are_parts():
    page = build_page(notebook(prose("# Where the minutes go"), prose("## Stages"), text("9 min")))
    assert "<title>Where the minutes go" in page
    assert '<h2 id="stages">Stages</h2>' in page


def test_a_page_without_a_heading_is_called_after_what_it_is_about():
    assert "<title>fleet.zip" in build_page(notebook(text("1")), subject="fleet.zip")
    assert "<title>Report" in build_page(notebook(text("1")))


def test_what_the_answer_shows_stands_above_what_comes_before_it():
    page = build_page(notebook(text("the picture"), text("the answer itself", "answer")))
    assert page.index("the answer itself") < page.index("the picture")


def test_a_cell_that_is_to_be_removed_leaves_nothing():
    page = build_page(notebook(text("machinery", "remove-output"), prose("notes", "remove-cell")))
    assert "machinery" not in page
    assert "notes" not in page


def test_paths_of_this_machine_are_shown_by_name_alone():
    page = build_page(notebook(text("read /home/ada/x.cab")), hidden=[("/home/ada/", "")])
    assert "read x.cab" in page
    assert "/home/ada" not in page


def test_an_output_that_is_an_address_in_memory_is_left_out():
    assert "object at" not in build_page(notebook(text("<Axes object at 0x7f0011223344>")))


def test_a_misfit_is_refused_with_what_the_answer_says():
    answers = {"answers": [{"outcome": "misfit", "verdict": "No device here; 04_root_cause fits"}]}
    cell = text("")
    cell["outputs"][0]["data"] = {ANSWER: answers}
    with pytest.raises(BadInput, match="01_trace does not fit this export: no device here; 04_root_cause"):
        refuse_misfit("01_trace", notebook(cell))


def test_the_head_of_a_sheet_holds_no_sign_that_css_reads_and_is_cut_where_it_is_long():
    style = paper_style(Page(title='a"b' + "x" * LONGEST_HEAD))
    assert 'content: "a\\22 b' in style
    assert "\\2026" in style


def test_a_page_shows_no_more_rows_at_first_than_a_notebook():
    style = page_style()
    assert f"--rows: {ROWS};" in style
    assert "(var(--rows) + 1) *" in style.partition(".scroll { ")[2].partition("}")[0]

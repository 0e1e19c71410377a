from __future__ import annotations

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autopilot_analysis.findings import Answer
from autopilot_analysis.report.answers import answers_of
from autopilot_analysis.report.cells import ANSWER, FRAME
from autopilot_analysis.report.page.page import LEFT_OUT, build_page
from autopilot_analysis.report.page.parts import cells_shown


def shown(kind, data, *tags):
    cell = new_code_cell("a", metadata={"tags": list(tags)})
    cell.outputs = [new_output("display_data", data={kind: data})]
    return cell


def words(text, *tags):
    return new_markdown_cell(text, metadata={"tags": list(tags)})


def frame(total):
    laid = {"columns": [{"name": "Share", "kind": "text"}], "rows": [["1 of 1"]] * total, "total": total}
    return shown(FRAME, {**laid, "same": []})


def notebook(*, alone):
    answer = Answer("SN-1", "1 attempt", "failed", (), alone=alone)
    return [
        words("# Where the minutes go\n\nWords."),
        shown(ANSWER, answers_of(answer), "answer"),
        words("## How many fail", "many"),
        frame(1),
        words("## The attempts"),
        frame(1),
        words("## Nothing here"),
        frame(0),
    ]


def headings(cells):
    return [cell.source for cell in cells if cell.cell_type == "markdown"][1:]


def test_a_part_that_compares_is_left_out_of_a_page_on_one_attempt():
    cells, left_out = cells_shown(notebook(alone=True))
    assert (headings(cells), left_out) == (["## The attempts"], True)


def test_of_several_attempts_every_part_that_shows_something_stays():
    cells, left_out = cells_shown(notebook(alone=False))
    assert (headings(cells), left_out) == (["## How many fail", "## The attempts"], False)


def test_the_page_says_that_parts_were_left_out_in_place_of_what_many_attempts_would_show():
    page = build_page(nbformat.v4.new_notebook(cells=notebook(alone=True)))
    assert page.count(LEFT_OUT) == 1
    assert page.index(LEFT_OUT) < page.index("The attempts</h2>")
    assert "Words." not in page
    several = build_page(nbformat.v4.new_notebook(cells=notebook(alone=False)))
    assert LEFT_OUT not in several
    assert "Words." in several

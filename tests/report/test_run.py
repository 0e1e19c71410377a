"""A notebook run in a process of its own, and its errors in this package's words."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autopilot_analysis.errors import AnalysisError, BadInput
from autopilot_analysis.report.run import run_notebook, run_shipped


@pytest.fixture
def written(tmp_path):
    """A notebook with a parameter, and one cell more."""

    def write(source):
        cells = [
            new_code_cell("top: int = 3  # Rows.", metadata={"tags": ["parameters"]}),
            new_code_cell(source),
        ]
        nbformat.write(new_notebook(cells=cells), tmp_path / "01_a.ipynb")
        return tmp_path / "01_a.ipynb"

    return write


def last(executed):
    return executed.cells[-1].outputs[-1]["data"]["text/plain"]


@pytest.mark.parametrize("run", [run_notebook, lambda path, values: run_shipped(path, values, [])])
def test_parameters_reach_the_cells_and_the_file_stays_as_it_was(run, written):
    path = written("top + 1")
    before = path.read_bytes()
    assert last(run(path, {"top": 7})) == "8"
    assert path.read_bytes() == before


def test_an_error_of_this_package_keeps_its_class_and_its_words(written):
    path = written("from autopilot_analysis.errors import BadInput\nraise BadInput('no such thing')")
    with pytest.raises(BadInput, match="no such thing"):
        run_shipped(path, {}, [])


def test_any_other_error_says_in_which_notebook_it_was(written):
    with pytest.raises(AnalysisError, match="01_a"):
        run_shipped(written("1 / 0"), {}, [])


def test_what_a_busy_kernel_prints_in_pieces_is_one_output(written):
    path = written(
        "import sys, time\nfor piece in 'abc':\n    print(piece, flush=True)\n    time.sleep(0.3)\n"
        "print('apart', file=sys.stderr, flush=True)\ntime.sleep(0.3)\nprint('d')"
    )
    outputs = run_notebook(path, {}).cells[-1].outputs
    assert [(each.name, each.text) for each in outputs] == [
        ("stdout", "a\nb\nc\n"),
        ("stderr", "apart\n"),
        ("stdout", "d\n"),
    ]

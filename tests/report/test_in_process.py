from __future__ import annotations

import builtins
import gc
import os
import sys
import warnings
import weakref
from pathlib import Path

import matplotlib as mpl
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot as plt
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autopilot_analysis import report
from autopilot_analysis.errors import AnalysisError, NotAnExport
from autopilot_analysis.report import run, write_report
from autopilot_analysis.report.notebooks import WITHOUT_OUTPUT
from autopilot_analysis.report.run import run_notebook, run_shipped

DATA = Path(__file__).parents[2] / "data"
PAGES = [("01_device_trace", "mdm-enrollment-refused.cab"), ("04_root_cause", "fleet")]
KEPT: list[object] = []
"""What a cell leaves here outlives it."""


def notebook(path, *cells):
    parts = [new_code_cell("top: int = 3  # Rows.", metadata={"tags": ["parameters"]})]
    parts += [
        new_markdown_cell(cell[3:]) if cell.startswith("md:") else new_code_cell(cell) for cell in cells
    ]
    nbformat.write(new_notebook(cells=parts), path)
    return path


def refuse(*_, **__):
    raise AssertionError("the other way of running was taken")


def shown(executed):
    """Return outputs without the numbers of their cells, which a page does not show."""
    return [
        {name: value for name, value in output.items() if name != "execution_count"}
        for cell in executed.cells
        for output in cell.get("outputs", [])
    ]


@pytest.mark.parametrize(("name", "export"), PAGES)
def test_both_ways_of_running_give_the_same_page(name, export, tmp_path, page_of):
    kernel = write_report(name, export=DATA / export, out=tmp_path / "kernel.html", kernel=True)
    assert page_of(name, export) == kernel.read_text("utf-8")


def test_both_ways_show_streams_displays_values_magics_and_warnings_alike(tmp_path):
    path = notebook(
        tmp_path / "01_a.ipynb",
        "import sys, warnings\nprint('one'); print('two'); print('three', file=sys.stderr)\ntop",
        "from IPython.display import HTML, clear_output\ndisplay(HTML('<b>x</b>'))\n'_ipython_' in dir()",
        "print('gone'); clear_output(); print('kept')",
        "%pprint\n[1, 2]",
        "from matplotlib import pyplot as plt\nax = plt.subplots()[1]",
        "_ * 2, __name__, sys.modules['__main__'].top, __builtins__ is not None",
    )
    here = run_shipped(path, {"top": 7}, [])
    assert shown(here) == shown(run_notebook(path, {"top": 7}))
    texts = [output.get("text") or output["data"].get("text/plain") for output in shown(here)]
    assert texts[:3] == ["one\ntwo\n", "three\n", "7"]
    assert "kept\n" in texts
    assert "image/svg+xml" in shown(here)[-2]["data"]


def test_a_cell_of_which_a_page_shows_nothing_is_not_run(tmp_path):
    path = notebook(tmp_path / "01_a.ipynb", "KEPT = 1", "KEPT = 2", "KEPT")
    written = nbformat.read(path, 4)
    written.cells[2].metadata["tags"] = [WITHOUT_OUTPUT]
    nbformat.write(written, path)
    assert [output["data"]["text/plain"] for output in shown(run_shipped(path, {}, []))] == ["1"]


def state():
    """Return what of this process a notebook could change."""
    return {
        "folder": Path.cwd(), "path": list(sys.path), "environment": dict(os.environ),
        "filters": list(warnings.filters), "builtins": dict(vars(builtins)), "settings": dict(mpl.rcParams),
        "hooks": (sys.displayhook, sys.excepthook, getattr(sys, "ps1", None)), "figures": plt.get_fignums(),
    }  # fmt: skip


def test_the_process_is_left_as_it_was_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    figure = plt.figure()
    path = notebook(
        tmp_path / "01_a.ipynb",
        "import os, sys, warnings, builtins, importlib, matplotlib as mpl, matplotlib.pyplot as plt",
        "class Held: pass\nheld = Held()\nimport weakref\n"
        "importlib.import_module('tests_in_process_kept').append(weakref.ref(held))",
        "warnings.simplefilter('error'); builtins.planted = 1\nmpl.rcParams['font.size'] = 3; plt.figure()",
        "sys.path.insert(0, os.getcwd()); sys.ps1 = 'mine'\nos.getcwd()",
    )
    monkeypatch.setitem(sys.modules, "tests_in_process_kept", KEPT)
    before = state()
    modules = dict(sys.modules)
    executed = run_shipped(path, {}, [])
    assert executed.cells[-1].outputs[0].data["text/plain"] == repr(str(tmp_path))
    assert state() == before
    assert {name: sys.modules.get(name) for name in modules} == modules
    assert not InteractiveShell.initialized()
    gc.collect()
    assert isinstance(KEPT[0], weakref.ref)
    assert KEPT.pop()() is None
    assert plt.fignum_exists(figure.number)
    plt.close(figure)


def test_a_cell_that_fails_gives_the_same_line_both_ways_and_holds_nothing(tmp_path):
    path = notebook(tmp_path / "01_a.ipynb", "md:## Dividing", "top / 0", "print('never')")
    lines = []
    for way in (lambda: run_shipped(path, {"top": 7}, []), lambda: run_notebook(path, {"top": 7})):
        with pytest.raises(AnalysisError) as failed:
            way()
        lines.append(str(failed.value))
    assert lines[0] == lines[1]
    assert lines[0] == (
        "notebook 01_a failed in code cell 2, under 'Dividing': ZeroDivisionError: division by zero"
    )
    assert not hasattr(sys, "last_value")
    assert not InteractiveShell.initialized()


def test_an_error_of_this_package_keeps_its_class_and_words(tmp_path):
    code = "from autopilot_analysis.errors import NotAnExport\nraise NotAnExport('unpack it.')"
    with pytest.raises(NotAnExport, match=r"^unpack it\.$"):
        run_shipped(notebook(tmp_path / "01_a.ipynb", code), {}, [])


def test_an_interrupt_is_passed_on(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run_shipped(notebook(tmp_path / "01_a.ipynb", "raise KeyboardInterrupt"), {}, [])


@pytest.mark.parametrize("beside", ["export", "export_of_another", "notebooks"])
def test_nothing_is_imported_from_the_folder_of_the_export_or_of_the_notebook(tmp_path, monkeypatch, beside):
    folders = [tmp_path / name for name in ("export", "export_of_another", "notebooks")]
    for folder in folders:
        folder.mkdir()
    monkeypatch.chdir(folders[0])
    monkeypatch.setattr(sys, "path", ["", *map(str, folders), *sys.path])
    (tmp_path / beside / "planted_beside.py").write_text("")
    path = notebook(folders[2] / "01_a.ipynb", "import planted_beside")
    with pytest.raises(AnalysisError, match="ModuleNotFoundError: No module named 'planted_beside'"):
        run_shipped(path, {}, folders[:2])


def test_a_notebook_of_somebody_else_and_kernel_go_through_papermill(tmp_path, monkeypatch):
    taken = []

    def executed(path, values):
        taken.append((path.name, values))
        return report.notebooks.read_notebook(path)

    monkeypatch.setattr(report, "run_notebook", executed)
    monkeypatch.setattr(report, "run_shipped", refuse)
    write_report(notebook(tmp_path / "01_mine.ipynb"), top=5, out=tmp_path / "a.html")
    write_report("00_start", export=DATA / "fleet", out=tmp_path / "b.html", kernel=True)
    assert taken == [("01_mine.ipynb", {"top": 5}), ("00_start.ipynb", {"export": str(DATA / "fleet")})]


def test_where_a_shell_runs_already_a_process_of_its_own_is_started(tmp_path, monkeypatch):
    monkeypatch.setattr(InteractiveShell, "initialized", classmethod(lambda _: True))
    monkeypatch.setattr(run, "run_notebook", lambda path, values: (path.name, values))
    assert run_shipped(notebook(tmp_path / "01_a.ipynb"), {"top": 1}, []) == ("01_a.ipynb", {"top": 1})

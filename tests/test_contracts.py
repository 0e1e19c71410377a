from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from page_numbers import HELD, LISTED, renewed
from rerun_notebooks import FLEET, HEADINGS, OF_A_FLEET, SHARED, headed, share

from autopilot_analysis.defaults import EXPLAINED, INPUT
from autopilot_analysis.findings import Part
from autopilot_analysis.fleet.postmortem import prose

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LINES_A_CELL, CODE_CELLS, KILOBYTES = 6, 14, 150


def cells(path, kind="code"):
    return [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: p.stem)
def notebook(request):
    return request.param


def test_parameters_come_first_plain_and_explained_and_the_export_leads(notebook):
    first = cells(notebook)[0]
    assert first["metadata"].get("tags") == ["parameters"]
    lines = source(first).splitlines()
    assert all(re.match(r"^\w+: (str|int|float|bool) = .+  # .+\.$", line) for line in lines), lines
    assert lines[0].startswith("export: str")


def test_parameters_that_notebooks_share_have_one_home(notebook):
    parameters = source(cells(notebook)[0])
    assert share(notebook.stem, parameters) == parameters


def test_a_shared_parameter_reaches_every_notebook_of_its_kind():
    stale = 'export: str = "../data/old"  # A folder to read; more.\nprivacy: bool = True  # Old words.'
    assert share(OF_A_FLEET[0], stale).splitlines() == [
        f'export: str = "{FLEET}"  # {INPUT[0].upper()}{INPUT[1:]} to read; more.',
        SHARED["privacy"],
    ]
    assert share("01_device_trace", stale).startswith('export: str = "../data/old"  # ')
    assert set(OF_A_FLEET) == {path.stem for path in NOTEBOOKS if FLEET in source(cells(path)[0])}


def test_a_parameter_lists_what_it_may_be_as_the_package_does():
    stale = 'outcome: str = "failed"  # What to explain: one, two or three.'
    assert share("x", stale).endswith(f": {', '.join(EXPLAINED[:-1])} or {EXPLAINED[-1]}.")
    stale = 'period: str = "week"  # How to chart it: by day or month.'
    assert share("x", stale).endswith(": by day, week or month.")


def test_a_heading_of_several_notebooks_is_that_of_its_tag(notebook):
    for cell in cells(notebook, "markdown"):
        tags = cell["metadata"].get("tags", [])
        assert headed(source(cell), tags) == source(cell)
        shared = source(cell).split("\n")[0] in {f"## {heading}" for heading in HEADINGS.values()}
        assert shared == bool(HEADINGS.keys() & set(tags))


def test_words_and_numbers_of_a_notebook_are_as_their_constants_are(notebook):
    for text in map(source, cells(notebook, "markdown")):
        assert renewed(text) == text, "python tests/page_numbers.py"


def test_a_word_that_a_notebook_sets_apart_is_held_by_its_constant(notebook):
    for text in map(source, cells(notebook, "markdown")):
        assert re.findall(r"(?<!\*)\*[^*\n]+\*(?!\*)", HELD.sub("", text)) == []


def test_the_page_on_contributing_says_how_long_a_notebook_may_be():
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert f"at most {CODE_CELLS} code cells of {LINES_A_CELL} lines" in page


def test_a_percentile_in_the_words_of_a_notebook_is_held_by_its_constant(notebook):
    for text in map(source, cells(notebook, "markdown")):
        assert re.findall(r"\d+th\b", LISTED.sub("", text)) == []


def test_the_postmortem_says_what_to_do_under_the_words_of_answers():
    assert f"{Part.TO_DO} first" == prose.FIRST


def test_a_heading_is_changed_and_the_words_under_it_stay():
    assert headed("## Old\n\nWords.", ["fold", "apps"]) == f"## {HEADINGS['apps']}\n\nWords."
    assert headed("## Old\n\nWords.", ["fold"]) == "## Old\n\nWords."


def test_a_notebook_is_thin(notebook):
    code = cells(notebook)
    assert len(code) <= CODE_CELLS
    assert max(len(source(c).splitlines()) for c in code[1:]) <= LINES_A_CELL
    assert not [c for c in code if re.search(r"^\s*(def|for|class|while) ", source(c), re.MULTILINE)]
    assert not [c for c in code if source(c).rstrip().endswith(";")]


def test_a_notebook_is_stored_as_run_and_never_with_injected_parameters(notebook):
    code = cells(notebook)
    assert not [c for c in code if "injected-parameters" in c["metadata"].get("tags", [])]
    assert any(c["outputs"] for c in code)
    assert not [o for c in code for o in c["outputs"] if o["output_type"] == "error"]


def test_a_stored_notebook_names_no_path_of_a_machine_and_stays_small(notebook):
    text = notebook.read_text(encoding="utf-8")
    assert not re.search(r"(/(home|root|tmp|Users)/|[A-Z]:\\\\Users)", text)
    assert len(text.encode()) <= KILOBYTES * 1024


def test_words_of_a_notebook_leave_shares_to_its_figures_and_tables(notebook):
    words = [
        source(c) for c in json.loads(notebook.read_text("utf-8"))["cells"] if c["cell_type"] == "markdown"
    ]
    assert re.findall(r"\d+(?:\.\d+)? ?%|\d+ of 1000?\b", "\n".join(words)) == []


def test_imports_run_one_way():
    pytest.importorskip("importlinter", reason="import-linter is part of the lint extra")
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]


def test_importing_the_package_pulls_in_no_plotting_and_no_pandas():
    heavy = "('matplotlib', 'pandas', 'scipy', 'IPython')"
    code = f"import autopilot_analysis, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_an_export_needs_no_plotting():
    code = "import autopilot_analysis as a, sys; a.read_tables, a.find; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

"""Where the notebooks are: found by name, by number or by path."""

import ast
import json
import re
from pathlib import Path

import pytest

from autopilot_analysis import wording
from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.report.notebooks import find_data, find_notebook, heading, list_notebooks


def test_notebooks_are_listed_in_reading_order():
    names = list_notebooks()
    assert names == sorted(names)
    assert {"00_start", "01_device_trace", "05_postmortem"} <= set(names)


@pytest.mark.parametrize("name", ["01_device_trace", "device_trace", "device-trace"])
def test_a_notebook_is_found_with_or_without_its_number(name):
    assert find_notebook(name).name == "01_device_trace.ipynb"


def test_a_notebook_of_ones_own_is_found_by_its_path(tmp_path):
    own = tmp_path / "own.ipynb"
    own.write_text("{}")
    assert find_notebook(own) == own


@pytest.mark.parametrize("name", list_notebooks())
def test_every_notebook_begins_with_a_heading(name):
    assert heading(name)[:1].isupper()
    assert "#" not in heading(name)


def test_what_is_not_there_is_named():
    with pytest.raises(UnknownName, match="01_device_trace"):
        find_notebook("01_device_trac")
    with pytest.raises(BadInput):
        find_notebook("absent.ipynb")


def test_the_sample_data_lie_beside_the_notebooks():
    assert (find_data() / "README.md").is_file()


@pytest.mark.parametrize("name", list_notebooks())
def test_no_words_of_a_notebook_spell_the_name_of_a_stage(name):
    cells = json.loads(find_notebook(name).read_text("utf-8"))["cells"]
    words = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert [text for text in words if re.search("(?i)device setup|account setup", text)] == []


@pytest.mark.parametrize("name", list_notebooks())
def test_a_column_that_the_words_of_a_notebook_name_is_one_that_it_shows(name):
    cells = json.loads(find_notebook(name).read_text("utf-8"))["cells"]
    texts = {
        kind: ["".join(c["source"]) for c in cells if c["cell_type"] == kind] for kind in ("markdown", "code")
    }
    named = {word for text in texts["markdown"] for word in re.findall(r"`([a-z]\w+)`", text)}
    plain = ["".join(o.get("data", {}).get("text/plain", "")) for c in cells for o in c.get("outputs", [])]
    columns = {word for text in plain for word in re.findall(r"\w+", re.sub(r"(?s)^.*? rows?: ", "", text))}
    parameters = {word for text in texts["code"] for word in re.findall(r"(?m)^(\w+):? ", text)}
    assert named <= columns | parameters | set(list_notebooks())


def test_the_notebooks_that_answers_send_on_to_are_named_in_one_place():
    assert list(wording.NOTEBOOKS) == list_notebooks()
    package = Path(wording.__file__).parent
    texts = {path.name: ast.walk(ast.parse(path.read_text("utf-8"))) for path in package.rglob("*.py")}
    again = {
        name
        for name, nodes in texts.items()
        if any(
            isinstance(node, ast.Constant) and re.fullmatch(r"0\d_[a-z].*", str(node.value)) for node in nodes
        )
    }
    assert again == {"wording.py"}

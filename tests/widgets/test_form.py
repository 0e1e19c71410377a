from __future__ import annotations

import ipywidgets
import pytest

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.report import inspect_parameters, list_notebooks
from autopilot_analysis.widgets import fill_form, form


@pytest.mark.parametrize("notebook", list_notebooks())
def test_a_form_has_a_control_for_each_parameter_of_any_notebook(notebook):
    declared = inspect_parameters(notebook)
    made = fill_form(notebook)
    assert {name: control.value for name, control in made.controls.items()} == {
        name: parameter.default for name, parameter in declared.items()
    }
    assert isinstance(made.controls.get("privacy", ipywidgets.Checkbox()), ipywidgets.Checkbox)


def test_running_writes_the_page_with_what_the_form_holds_and_links_it(monkeypatch, tmp_path):
    asked = {}

    def write(notebook, *, out, **parameters):
        asked.update(parameters, notebook=notebook, out=out)
        return tmp_path / "page.html"

    monkeypatch.setattr(form, "write_report", write)
    made = fill_form("01_device_trace", out=tmp_path)
    made.controls["device"].value = "SN-0001"
    made.run()
    assert made.page == tmp_path / "page.html"
    assert (asked["device"], asked["notebook"], asked["out"]) == ("SN-0001", "01_device_trace", tmp_path)
    assert not made.button.disabled


def test_an_error_is_told_as_text_and_the_form_stays_usable(monkeypatch):
    def write(*_, **__):
        raise BadInput("<script> is no export")

    monkeypatch.setattr(form, "write_report", write)
    made = fill_form("01_device_trace")
    made.run()
    assert "No page was written: &lt;script&gt; is no export" in made.status.value
    assert made.page is None
    assert not made.button.disabled


def test_a_notebook_that_does_not_exist_is_named():
    with pytest.raises(UnknownName, match="no notebook is called '99_nothing'"):
        fill_form("99_nothing")


def test_a_form_starts_with_what_is_given_and_refuses_what_no_parameter_takes():
    made = fill_form("01_device_trace", export="mine.cab", privacy=True)
    assert (made.controls["export"].value, made.controls["privacy"].value) == ("mine.cab", True)
    assert made.controls["device"].value == ""
    with pytest.raises(UnknownName, match="parameter"):
        fill_form("01_device_trace", exports="mine.cab")

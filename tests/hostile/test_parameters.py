"""What an analyst, or whoever wrote the command for them, hands to a notebook is data, never code."""

import pytest
from hostile_inputs import ROOT

from autopilot_analysis.errors import AnalysisError, BadInput
from autopilot_analysis.report import inspect_parameters, list_notebooks, write_report
from autopilot_analysis.report.parameters import check_parameters

VALUES = [
    '__import__("os").system("touch pwned")',
    "'); open('pwned','w'); ('",
    '"""\nopen("pwned", "w")\n"""',
    "\\",
    "\\'",
    "'\"",
    "{{7*7}}",
    "{% raw %}",
    "{open}",
    "%run pwned",
    "!touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "a\nb\r\nc",
    "\0",
    "\u2028",
    "\ud800",
    "\x1b[2J",
    "x" * 100_000,
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_value_becomes_the_literal_of_itself(value):
    from papermill.translators import PythonTranslator

    declared = inspect_parameters("01_device_trace")
    checked = check_parameters(declared, {"device": value})
    code = PythonTranslator.codify(checked)
    names = {}
    exec(
        compile(code.encode("utf-8", "replace").decode(), "parameters", "exec"), names
    )  # what the kernel does
    told = {name: kept for name, kept in names.items() if not name.startswith("__")}
    assert set(told) == {"device"}
    assert told["device"] in (value, value.encode("utf-8", "replace").decode())


@pytest.mark.parametrize("value", VALUES[:3], ids=range(3))
def test_a_report_with_code_for_a_device_runs_none_of_it(tmp_path, monkeypatch, value):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AnalysisError, match="no device is called"):
        write_report(
            "01_device_trace",
            out=tmp_path / "page.html",
            export=str(ROOT / "data/mdm-enrollment-refused.cab"),
            device=value,
        )
    assert not list(tmp_path.rglob("pwned"))
    assert not list((ROOT / "notebooks").rglob("pwned"))


@pytest.mark.parametrize("name", list_notebooks())
@pytest.mark.parametrize("value", [VALUES[0], "1e999", "nan", "0x10", "[1]", "None", ""])
def test_a_number_or_a_switch_takes_nothing_else(name, value):
    declared = inspect_parameters(name)
    for parameter in declared.values():
        if parameter.type is not str:
            try:
                checked = check_parameters(declared, {parameter.name: value})[parameter.name]
            except BadInput:
                continue
            assert type(checked) is parameter.type


@pytest.mark.parametrize("name", ["__class__", "export; x", "x=1\ny", "", "os"])
def test_a_name_that_is_no_parameter_is_refused(name):
    with pytest.raises(BadInput):
        check_parameters(inspect_parameters("01_device_trace"), {name: "1"})

"""A notebook's own parameters: an analyst's values are data of the declared type, or refused."""

from pathlib import Path

import pytest

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.report.notebooks import find_data
from autopilot_analysis.report.parameters import Parameter, check_parameters, inspect_parameters

DECLARED = {
    name: Parameter(name, kind, default, "")
    for name, kind, default in (
        ("export", str, ""), ("first_export", str, ""), ("title", str, ""), ("count", int, 1),
        ("share", float, 0.5), ("privacy", bool, False),
    )
}  # fmt: skip


def checked(**given):
    return check_parameters(DECLARED, given)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", 5, "5"), ("count", "7", 7), ("count", 7.0, 7), ("share", "0.25", 0.25), ("share", 1, 1.0),
        ("privacy", "Yes", True), ("privacy", " off ", False), ("privacy", 1, True),
    ],
)  # fmt: skip
def test_text_that_spells_a_value_of_the_type_is_that_value(name, value, expected):
    value = checked(**{name: value})[name]
    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 7.5), ("count", "seven"), ("count", True), ("share", "nan"), ("share", None),
        ("privacy", "maybe"),         ("title", ["a"]), ("count", float("inf")),
    ],
)  # fmt: skip
def test_what_is_not_of_the_type_is_refused_by_name(name, value):
    with pytest.raises(BadInput, match=f"parameter {name} takes "):
        checked(**{name: value})


def test_a_parameter_that_nobody_declared_is_answered_with_those_near_it():
    with pytest.raises(UnknownName, match="did you mean privacy"):
        checked(privacie=True)


def test_paths_are_made_absolute_and_an_empty_one_stays_empty(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert checked(export="a.cab", first_export="", title="a.cab") == {
        "export": str(Path(tmp_path, "a.cab")), "first_export": "", "title": "a.cab",
    }  # fmt: skip


def test_a_sample_that_a_default_names_is_laid_beside_samples_alone(tmp_path):
    declared = inspect_parameters("07_side_by_side")
    own = tmp_path / "esp-app-timeout.zip"  # called as a sample is
    own.write_bytes(b"PK")
    assert check_parameters(declared, {"export": own})["other_export"] == ""
    copy = tmp_path / "data" / "user-driven-success.cab"
    copy.parent.mkdir()
    copy.write_bytes((find_data() / copy.name).read_bytes())
    for sample in (find_data() / "esp-app-timeout.zip", copy, "../data/fleet"):
        assert "other_export" not in check_parameters(declared, {"export": sample})
    asked = check_parameters(declared, {"export": own, "other_export": copy})
    assert asked["other_export"] == str(copy)
    assert check_parameters(DECLARED, {"export": own}) == {"export": str(own)}


def test_every_notebook_takes_its_export_first_and_says_what_each_parameter_is():
    declared = inspect_parameters("01_device_trace")
    assert next(iter(declared)) == "export"
    assert declared["export"].is_path
    assert all(parameter.help for parameter in declared.values())

"""Errors of scripts are told as the script's, with where they were met; every name is made up."""

import pytest
from findings.answers.answer_parts import parts, texts

from autopilot_analysis import answer
from autopilot_analysis.fleet import load_story

PATH = "C:\\Tools\\Tag.ps1"


def error(said="Unknown kind 7", line=12, path=PATH):
    return (
        f"Set-Tag : {said}\nAt {path}:{line} char:3\n+   Set-Tag -Name $tag\n"
        "    + CategoryInfo          : NotSpecified: (:) [Set-Tag], Exception\n"
        "    + FullyQualifiedErrorId : Unknown,Set-Tag\n"
    )


@pytest.fixture
def given(tmp_path):
    def build(text, name="tag.log"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return answer(*load_story(tmp_path / name))

    return build


@pytest.mark.parametrize("name", ["tag.log", "tag.txt", "tag.md"])
def test_an_error_of_a_script_is_told_as_the_scripts_and_no_devices(given, name):
    told = given(f"Why is the list empty?\n\n{error()}", name)
    verdict = "The script Tag.ps1 met an error: Unknown kind 7; that a device failed is not shown"
    assert told.devices[0].verdict == verdict
    labelled = parts(told)
    assert texts(labelled["What happened"]) == [f"In {PATH}, line 12, Set-Tag reported: “Unknown kind 7”."]
    assert texts(labelled["What to do"]) == [
        "Look at line 12 of Tag.ps1 and at what it was given, or ask whoever maintains it for a newer "
        "version."
    ]
    assert "What it holds" not in labelled


def test_further_errors_are_counted_and_a_script_is_named_once(given):
    told = given(error() + error("Access denied.", 1140))
    assert "Unknown kind 7, and 1 more error; " in told.devices[0].verdict
    labelled = parts(told)
    assert [line.partition(",")[2] for line in texts(labelled["What happened"])] == [
        " line 12, Set-Tag reported: “Unknown kind 7”.",
        " line 1140, Set-Tag reported: “Access denied”.",
    ]
    assert len(texts(labelled["What to do"])) == 1


def test_beside_another_error_a_script_is_not_all_that_failed(given):
    told = given(f"{error()}ERROR: the disk is full\n")
    assert told.devices[0].verdict.startswith("A log of no known kind: ")
    [line] = texts(parts(told)["What happened"])
    assert f"the first: Set-Tag : Unknown kind 7 ({PATH}, line 12)" in line


def test_an_error_at_the_prompt_names_no_script(given):
    told = given(error().replace(f"{PATH}:12", "line:1"))
    assert told.devices[0].verdict.startswith("A log of no known kind: ")

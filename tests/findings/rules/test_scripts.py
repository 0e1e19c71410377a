"""Scripts of the agent that failed, and the reason that their own error text names."""

import json

import pytest

from autopilot_analysis.facts import read_facts


def failed(item, error, kind="script"):
    detail = json.dumps({"error": error}) if error else None
    return {"kind": kind, "item": item, "name": None, "exit_code": 1, "detail": detail}


UNSIGNED = "File C:\\a\\{}.ps1 cannot be loaded. The file C:\\a\\{}.ps1 is not digitally signed."


def test_one_reason_that_keeps_several_scripts_from_running_is_one_finding(proofs):
    runs = [failed(name, UNSIGNED.format(name, name)) for name in ("one", "two")]
    world = {"installs": [*runs, failed("three", "Division by zero"), failed("four", None)]}
    assert proofs("SCRIPT-ERRORS", **world).select("rule", "item", "record").rows() == [
        ("SCRIPT-NOT-ALLOWED", "2 scripts", 1),
        ("SCRIPT-NOT-ALLOWED", "2 scripts", 2),
    ]
    assert proofs("SCRIPT-FAILED", **world)["item"].to_list() == ["three", "four"]


def test_a_single_script_with_a_reason_is_named(proofs):
    rows = proofs("SCRIPT-ERRORS", installs=[failed("one", UNSIGNED.format("one", "one"))])
    assert rows["item"].to_list() == ["one"]


def test_the_words_that_name_the_reason_are_quoted_however_long_the_path_before_them(proofs):
    long = "C:\\" + "x" * 500 + ".ps1"
    rows = proofs("SCRIPT-ERRORS", installs=[failed("one", UNSIGNED.format("a", long))])
    assert "is not digitally signed." in rows["quote"][0]
    assert len(rows["quote"][0]) < 200


def test_a_script_that_went_well_in_a_later_run_is_no_finding(proofs):
    later = failed("one", UNSIGNED) | {"outcome": "succeeded", "exit_code": 0}
    assert proofs("SCRIPT-ERRORS", installs=[failed("one", UNSIGNED), later]).is_empty()


@pytest.mark.parametrize(("rule", "pattern", "example"), read_facts("script_errors").drop("page").rows())
def test_each_reason_is_known_by_its_example(proofs, rule, pattern, example):
    assert proofs("SCRIPT-ERRORS", installs=[failed("one", example)])["rule"].to_list() == [rule]

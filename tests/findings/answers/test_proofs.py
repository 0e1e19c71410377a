from __future__ import annotations

import json

import polars as pl
import pytest
from findings.answers.answer_parts import parts, texts

from autopilot_analysis.findings import answer, proofs_of
from autopilot_analysis.findings.answers.proofs import _each_member_first, own_words, proof_lines


def test_a_proof_names_its_record_and_shows_no_json(refused):
    proofs = parts(answer(*refused))["Proof"]
    assert proofs[1].text == "HRESULT: 0x80180014"
    assert proofs[1].place.endswith("record 7")
    assert texts(proofs)[-1] == "and 5 more records"


def test_the_first_record_of_each_member_is_shown_before_the_second_of_any():
    members = pl.DataFrame({"member": ["a", "a", "a", "b", "c"], "record": [1, 2, 3, 1, 1]})
    assert _each_member_first(members).rows() == [("a", 1), ("b", 1), ("c", 1), ("a", 2), ("a", 3)]


def test_findings_that_exports_number_alike_keep_their_own_proofs():
    finding = {"export": "a", "device": "SN-1", "id": 3}
    rows = {
        "export": ["a", "b", "a"],
        "device": ["SN-1", "SN-2", "SN-1"],
        "finding": [3, 3, 4],
        "record": [1, 2, 3],
    }
    assert proofs_of(finding, pl.DataFrame(rows))["record"].to_list() == [1]
    stored = pl.DataFrame(rows).drop("export")
    assert proofs_of({"device": "SN-2", "id": 3}, stored)["record"].to_list() == [2]


def test_of_a_long_record_four_hundred_characters_are_shown_and_one_as_long_is_whole():
    finding = {"device": "SN-1", "rule": "X", "code": None, "item": None}
    rows = [{**finding, "member": "a.evtx", "record": n, "quote": "x" * n} for n in (400, 401)]
    evidence = pl.DataFrame(rows, schema_overrides={"code": pl.String, "item": pl.String})
    assert texts(proof_lines([finding], evidence)) == ["x" * 400, f"{'x' * 400} …"]


@pytest.mark.parametrize(("action", "said"), [("LaunchConditions", 1), ("CopyFiles", 0)])
def test_what_an_installer_says_of_its_condition_stands_in_its_own_words(action, said):
    finding = {"device": "SN-1", "rule": "X", "code": None, "item": None}
    quote = f"MSI (s): Product: Tool -- Tool requires the runtime of 2022. (action {action}, return value 3)"
    evidence = pl.DataFrame(
        [{**finding, "member": "a.log", "record": 1, "quote": quote}],
        schema_overrides={"code": pl.String, "item": pl.String},
    )
    assert texts(own_words([finding], evidence)) == ["Tool requires the runtime of 2022."] * said


LONG = "The server could not find it in the end"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("No token came. Code: 0x2ee6 AdalLog: HRESULT: 0x0 AdalLog: none", "No token came. Code: 0x2ee6"),
        (
            "No token came at all. adalLog: AdalLog: HRESULT: 0x0 AdalLog: none adalResponseCode: 0xcaa1000e",
            "No token came at all. adalResponseCode: 0xcaa1000e",
        ),
        (f"{LONG}{'.' * (600 - len(LONG))}", f"{LONG}{'.' * (600 - len(LONG))}"),
        (f"{LONG}{'.' * (601 - len(LONG))}", f"{LONG}{'.' * (400 - len(LONG))} … {'.' * 200}"),
    ],
)
def test_of_own_words_neither_the_steps_of_a_sign_in_nor_more_than_six_hundred_characters(written, shown):
    finding = {"device": "SN-1", "rule": "X", "code": None, "item": None}
    rows = [{**finding, "member": "a.evtx", "record": 1, "quote": json.dumps({"Message": written})}]
    evidence = pl.DataFrame(rows, schema_overrides={"code": pl.String, "item": pl.String})
    assert texts(own_words([finding], evidence)) == [shown]


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        ((None, None), ["x", "and 1 more record that says the same"]),
        ((1, 2), ["x", "x"]),
        ((None, None, None), ["x", "and 2 more records that say the same"]),
    ],
)
def test_a_line_that_stands_twice_in_a_text_is_shown_once_and_two_dated_records_are_two(times, shown):
    finding = {"device": "SN-1", "rule": "X", "code": None, "item": None}
    rows = [{**finding, "member": "a.txt", "record": n, "at": at, "quote": "x"} for n, at in enumerate(times)]
    schema = {"code": pl.String, "item": pl.String, "at": pl.Int64}
    assert texts(proof_lines([finding], pl.DataFrame(rows, schema_overrides=schema))) == shown


def test_what_a_script_says_of_its_error_stands_in_its_own_words():
    quote = "outcome failed, exit code 1: Get-Item : Access is denied.\r\nAt C:\\a.ps1:3 char:1\r\n+ Get-Item"
    row = {"device": "D", "rule": "X", "code": None, "item": None, "member": "agent.log", "record": 4}
    evidence = pl.DataFrame([row | {"quote": quote}], schema_overrides={"code": pl.String, "item": pl.String})
    assert [line.text for line in own_words([row], evidence)] == ["Get-Item : Access is denied."]

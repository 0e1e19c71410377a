"""Own rules written as a CSV of signs: what they say, and what is refused in one line."""

import json
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis.cli import main
from autopilot_analysis.errors import BadInput
from autopilot_analysis.findings import RULES, find, is_code, load_rules
from autopilot_analysis.findings.rule import OWN_WORDS
from autopilot_analysis.samples import write_sample

HEADER = "sign,title,meaning,remedy\n"
WANTED = '"event=ap:171@0x800705b4,0x8007*",Attestation timed out here,Ours do.,Ask the lab\n'


@pytest.fixture(autouse=True)
def clean_rules():
    rules, words = dict(RULES), dict(OWN_WORDS)
    yield
    RULES.clear()
    RULES.update(rules)
    OWN_WORDS.clear()
    OWN_WORDS.update(words)


@pytest.fixture
def own(tmp_path):
    """Write a CSV of rules and return its path."""

    def write(text, name="own.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def _found(world, path, **parts):
    rules = load_rules(path)
    ours = {name: run for name, run in rules.items() if name.startswith("OWN-")}
    return find(*world(**parts), rules=ours).findings


def test_a_sign_of_ones_own_speaks_with_its_own_words(world, failure, own):
    events = [("ap:171", {}, 30, "0x800705B4")]
    found = _found(world, own(HEADER + WANTED), events=events, **failure("device_preparation"))
    row = found.row(0, named=True)
    assert (row["rule"], row["severity"], row["role"], row["attempt"]) == ("OWN-2", "warning", "context", 1)
    assert row["title"] == "Attestation timed out here (0x800705B4)"
    assert row["meaning"].startswith("Ours do.")
    assert row["remedy"] == "Ask the lab"


def test_without_a_severity_it_weighs_by_the_attempt_and_with_one_it_does_not(world, own):
    events = [("ap:171", {}, 30, "0x800705B4")]
    well = {"events": events, "attempts": [("succeeded", None, "user_driven", 0, 60, None)]}
    assert _found(world, own(HEADER + WANTED), **well)["severity"].to_list() == ["info"]
    loud = own("sign,title,severity,rule\nevent=ap:171,Heard,high,OWN-HEARD\n", "loud.csv")
    found = _found(world, loud, **well).filter(pl.col("rule") == "OWN-HEARD")
    assert found["severity"].to_list() == ["high"]


def test_a_stage_binds_a_sign_to_the_attempts_that_failed_near_it(world, failure, own):
    path = own("sign,title,stage\nevent=ap:171,Heard,device_preparation\n")
    events = [("ap:171", {}, 30, None)]
    near, far = (
        _found(world, path, events=events, **failure(stage))["severity"].to_list()
        for stage in ("device_preparation", "account_setup")
    )
    assert (near, far) == (["warning"], ["info"])


def test_a_file_may_be_read_again(own):
    path = own(HEADER + WANTED)
    assert load_rules(path).keys() == load_rules(path).keys()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column sign and no column title"),
        ("title,meaning\nA,B\n", "no column sign"),
        ("sign,title,colour\nevent=ap:171,A,red\n", "no column is called 'colour'"),
        (HEADER, "holds no row"),
        (HEADER + "event=ap:171\n", "row 2: 4 cells are due"),
        (HEADER + "event=ap:171@0x80070652,0x8007*,A,B,C\n", "row 2: 4 cells are due"),
        (HEADER + "event=ap:171,,B,C\n", "row 2: the title is empty"),
        (HEADER + WANTED + ",A,B,C\n", "row 3: the sign is empty"),
        (HEADER + "code=0x80070652,A,B,C\n", "row 2: the sign term code=0x80070652 names no origin"),
        (HEADER + "evnet=ap:171,A,B,C\n", "row 2: no term is called 'evnet'; did you mean event"),
        (HEADER + "event=,A,B,C\n", "row 2: the term event has no value"),
        (HEADER + "event=ap:171 | ,A,B,C\n", "row 2: one alternative of the sign is empty"),
        (HEADER + "event=app:171,A,B,C\n", "row 2: no provider of events is called 'app'"),
        (HEADER + "event=ap:boot,A,B,C\n", "row 2: 'ap:boot' names no event"),
        (HEADER + "event=ap:171@1603,A,B,C\n", "row 2: '1603' is no result code"),
        (HEADER + "event=ap:171!(,A,B,C\n", "row 2: '(' is no pattern"),
        (HEADER + "mark=profile_availble,A,B,C\n", "row 2: no mark is called 'profile_availble'"),
        (HEADER + "failed=esp,A,B,C\n", "row 2: no failed is called 'esp'"),
        (HEADER + "install=exe,A,B,C\n", "row 2: no install is called 'exe'"),
        (HEADER + "property=MdmUrl:[,A,B,C\n", "row 2: '[' is no pattern"),
        (HEADER + "builds=22631,A,B,C\n", "row 2: builds=22631 is no range"),
        ("sign,title,severity\nevent=ap:171,A,loud\n", "row 2: no severity is called 'loud'"),
        ("sign,title,role\nevent=ap:171,A,culprit\n", "row 2: no role is called 'culprit'"),
        ("sign,title,stage\nevent=ap:171,A,esp\n", "row 2: no stage is called 'esp'"),
        ("sign,title,confidence\nevent=ap:171,A,90\n", "row 2: the confidence '90' is no number"),
        ("sign,title,rule\nevent=ap:171,A,ESP-TIMEOUT\n", "row 2: another rule is called ESP-TIMEOUT"),
        ("sign,title,rule\nevent=ap:1,A,X\nevent=ap:2,B,X\n", "row 3: another rule is called X"),
    ],
)
def test_what_is_wrong_is_named_in_one_line_with_file_and_row(own, text, said):
    path = own(text)
    with pytest.raises(BadInput) as error:
        load_rules(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"sign,title\n\xff\xfe", None], ids=["not UTF-8", "absent"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "own.csv").write_bytes(content)
    with pytest.raises(BadInput, match="cannot be read"):
        load_rules(tmp_path / "own.csv")


def test_only_a_csv_is_no_code():
    assert [is_code(name) for name in ("own.csv", "OWN.CSV", "own.py", "own", "own.csv.py")] == [
        False, False, True, True, True,
    ]  # fmt: skip


def test_a_csv_beside_the_export_needs_no_trust_and_code_there_does(tmp_path, capsys):
    sample = write_sample(tmp_path / "sample", "tpm_attestation_failure", layout="folder").path
    beside = sample / "own.csv"
    beside.write_text(HEADER + '"event=ap:171@0x81039001",Attestation ended here,,\n')
    assert main(["findings", str(sample), "--json", "--rules", str(beside)]) in (0, None)
    found = json.loads(capsys.readouterr().out)
    assert [f["title"] for f in found if f["rule"] == "OWN-2"] == ["Attestation ended here (0x81039001)"]
    (sample / "own.py").write_text("raise SystemExit(7)")
    assert main(["findings", str(sample), "--rules", str(sample / "own.py")]) == 2
    assert "--trust" in capsys.readouterr().err


def test_a_csv_that_cannot_be_used_ends_with_status_2_and_one_line(tmp_path, capsys):
    sample = write_sample(tmp_path / "sample", "user_driven_success", layout="folder").path
    (tmp_path / "own.csv").write_text(HEADER + "code=0x80070652,A,B,C\n")
    assert main(["findings", str(sample), "--rules", str(tmp_path / "own.csv")]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "own.csv, row 2" in said.err


def test_the_example_of_the_documentation_loads(own):
    told = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
    example = told.split("```csv\n")[1].split("```")[0]
    assert {"OWN-2", "OWN-3"} <= load_rules(own(example)).keys()

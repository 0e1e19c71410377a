"""A rule is a pure function under an id of its own; its proofs have one shape."""

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.findings.rule import OWN_WORDS, PROOF, RULES, all_proofs, no_proof, proof, rule


@pytest.fixture(autouse=True)
def registry():
    """Leave the registered rules as they were."""
    rules, own = dict(RULES), dict(OWN_WORDS)
    yield
    for kept, before in ((RULES, rules), (OWN_WORDS, own)):
        kept.clear()
        kept.update(before)


def test_a_function_is_registered_under_its_id_with_words_of_its_own():
    @rule("OWN-ONE", title="One", severity="info")
    def one(tables, trace):
        return no_proof()

    assert RULES["OWN-ONE"] is one
    assert OWN_WORDS["OWN-ONE"] == {"title": "One", "severity": "info"}


def test_two_rules_of_one_id_and_words_without_a_title_are_refused():
    with pytest.raises(BadInput, match="two rules are called ESP-OFF"):
        rule("ESP-OFF")(lambda tables, trace: no_proof())
    with pytest.raises(BadInput, match="brings words but no title"):
        rule("OWN-TWO", severity="info")


def test_a_proof_has_every_column_and_null_where_a_rule_says_nothing():
    rows = pl.DataFrame(
        {"device": ["D"], "member": ["a.evtx"], "record": [1], "detail": [None]},
        schema_overrides={"detail": pl.String},
    )
    (made,) = proof(rows).iter_rows(named=True)
    assert list(made) == list(PROOF)
    assert (made["quote"], made["code"], made["attempt"]) == ("", None, None)


def test_a_quote_and_an_item_may_be_made_from_other_columns():
    rows = pl.DataFrame({"device": ["D"], "member": ["a"], "record": [1], "name": ["Viewer"]})
    assert proof(rows, pl.lit("said"), pl.col("name")).select("quote", "item").rows() == [("said", "Viewer")]


def test_no_frames_are_no_proof():
    assert all_proofs([]).schema == no_proof().schema == pl.Schema(PROOF)
    assert all_proofs([no_proof(), no_proof()]).is_empty()

"""Pseudonyms stand where identifiers stood, and nothing else of a text changes."""

import base64

import polars as pl
import pytest

from autopilot_analysis.privacy import rewrite as rewriting
from autopilot_analysis.privacy.rewrite import KEPT, rewrite, rewrite_texts
from autopilot_analysis.privacy.spellings import encoded

NAMES = {"SN-00000001": "serial-1", "ann": "user-1", "10.0.0.1": "ip-1", "a-1": "host-1"}


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("device sn-00000001 is new", "device serial-1 is new"),
        ("xSN-00000001y", "xserial-1y"),
        ("ann and Ann, not annual", "user-1 and user-1, not annual"),
        ("10.0.0.1 is not 10.0.0.11 nor 110.0.0.1", "ip-1 is not 10.0.0.11 nor 110.0.0.1"),
        (r"C:\\nann\tann", r"C:\\nuser-1\tuser-1"),
        ("host a-1", "host host-1"),
        ("nothing here", "nothing here"),
    ],
)
def test_a_short_name_is_replaced_as_a_word_and_a_long_one_anywhere(text, hidden):
    assert rewrite_texts(pl.Series([text]), NAMES).to_list() == [hidden]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("MyAnn_2.2 ann_ ann_;ann_", "MyAnn_2.2 user-9 user-9;user-9"),
        (r"C:\Users\ann_\x\nann_", r"C:\Users\user-9\x\nuser-9"),
        ("ann_2", "ann_2"),
    ],
)
def test_a_short_name_that_ends_in_a_sign_is_no_part_of_a_longer_word(text, hidden):
    assert rewrite_texts(pl.Series([text]), {"ann_": "user-9"}).to_list() == [hidden]


def test_what_hides_in_binary_text_is_replaced_and_wrapped_again():
    texts = [base64.b64encode(b"...SN-00000001...").decode(), "SN-00000001".encode("utf-16-le").hex()]
    in_base64, in_hex = rewrite_texts(pl.Series(texts), NAMES)
    assert base64.b64decode(in_base64) == b"...serial-1..."
    assert bytes.fromhex(in_hex).decode("utf-16-le") == "serial-1"


@pytest.mark.parametrize("beside", [[], ["a line with 0123456789abcdef0123456789abcdef in it"] * 400])
def test_what_hides_in_binary_text_is_replaced_beside_little_and_much(beside):
    hidden = ["52 9d 53 4e 2d 30 30 30 31 2d 41 9d", "UKUwMDAwLVNOLTAwMDEtQf8="]
    after = rewrite_texts(pl.Series([*hidden, *beside]), {"SN-0001-A": "serial-1"}).to_list()
    assert [text for text in hidden if text in after] == []
    assert after[2:] == beside


def test_of_little_text_only_what_begins_in_it_is_sought_and_of_much_everything():
    forms = dict.fromkeys(encoded("SN-0001-A"), "serial-1")
    little, much = pl.Series(["x 534E2D30303031 y"]), pl.Series(["x" * (sum(map(len, forms)) + 1)])
    assert rewriting._beginning_in(little, forms) == {"534e2d303030312d41": "serial-1"}
    assert rewriting._beginning_in(much, forms) == forms


def test_no_encoded_form_is_shorter_than_the_beginning_that_is_looked_up():
    assert min(map(len, encoded("ab12cd"))) >= rewriting.BEGINNING


def test_the_longer_of_two_names_counts_where_one_holds_the_other():
    names = {"contoso-berlin": "tenant-2", "contoso-ber": "tenant-1"}
    assert rewrite_texts(pl.Series(["contoso-berlin"]), names).to_list() == ["tenant-2"]


def test_columns_of_the_kits_own_words_stay_and_nulls_stay_null(rows):
    names = NAMES | {"application": "host-2"}
    events = rows("events", {"device": "ann", "channel": "Application", "provider": None, "code": "ann"})
    hidden = rewrite({"events": events}, names)["events"].row(0, named=True)
    assert [hidden[name] for name in ("device", "channel", "provider", "code")] == [
        "user-1", "Application", None, "ann"
    ]  # fmt: skip
    assert {"sha256", "code", "source"} <= KEPT

import polars as pl
import pytest

from autopilot_analysis.readers.registry.registry_value import kinds_of, number_of, texts_of_bytes


@pytest.mark.parametrize(
    ("word", "body", "kind", "value"),
    [
        ("dword", "0000000a", "REG_DWORD", "10"),
        ("dword", "+1", "REG_DWORD", None),
        ("qword", "a", "REG_QWORD", "10"),
        ("hex", "0A,FF", "REG_BINARY", "0aff"),
        ("hex", "0A,FF,", "REG_BINARY", None),
        ("hex(1)", "41,00,00,00", "REG_SZ", "A"),
        ("hex(4)", "01,00,00,00", "REG_DWORD", "1"),
        ("hex(4)", "", "REG_DWORD", None),
        ("hex(7)", "41,00,00,00,42,00,00,00,00,00", "REG_MULTI_SZ", "A\nB"),
        ("hex(ffff0011)", "01", "REG_TYPE_ffff0011", "01"),
    ],
)
def test_each_word_has_its_kind_and_its_value(word, body, kind, value):
    kinds = kinds_of(pl.Series([word]))
    if word.startswith("hex"):
        texts = texts_of_bytes(kinds, pl.Series([body]))
    else:
        frame = pl.DataFrame({"word": [word], "body": [body]})
        texts = frame.select(number_of(pl.col("word"), pl.col("body"))).to_series()
    assert (kinds[0], texts[0]) == (kind, value)


def test_a_word_that_is_none_has_no_kind():
    assert kinds_of(pl.Series(["word", None, "hex(", '"', "-"])).to_list() == [
        None, None, None, "REG_SZ", "REG_DELETED",
    ]  # fmt: skip


def test_digits_that_stand_alone_are_not_joined_to_bytes():
    bodies = pl.Series(["0,1,f,f", "1,23,4", "01 , ff", " 01,ff "])
    assert texts_of_bytes(kinds_of(pl.Series(["hex"] * 4)), bodies).to_list() == [None, None, "01ff", "01ff"]

import polars as pl
import pytest

from autopilot_analysis.readers.registry_value import kind_of, value_of, value_of_bytes


@pytest.mark.parametrize(
    ("word", "body", "kind", "value"),
    [
        ('"', "text", "REG_SZ", "text"),
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
        ("word", "1", None, "1"),
    ],
)
def test_each_word_has_its_kind_and_its_value(word, body, kind, value):
    frame = pl.DataFrame({"word": [word], "body": [body]}).with_columns(kind=kind_of(pl.col("word")))
    read = value_of_bytes if word.startswith("hex") else value_of
    text = frame.select(read(pl.col("kind"), pl.col("body")).alias("value"))
    assert (frame["kind"][0], text["value"][0]) == (kind, value)

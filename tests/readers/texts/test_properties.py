import pytest

from autopilot_analysis.readers.texts.properties import Properties, encoding_of


def test_facts_without_a_line_are_numbered_by_position():
    found = Properties()
    found.add("", "first", "1", 7)
    found.add("s", "second", None)
    assert found.reading().rows["properties"].rows() == [(7, "", "first", "1"), (2, "s", "second", None)]


def test_no_facts_are_an_empty_frame_of_the_right_columns():
    frame = Properties().reading().rows["properties"]
    assert (frame.height, frame.columns) == (0, ["record", "section", "name", "value"])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "ansi"),
        (b"abc", "ansi"),
        ("ä".encode(), "utf-8"),
        ("ä".encode("cp1252"), "ansi"),
        ("a".encode("utf-16"), "utf-16"),
        ("a".encode("utf-8-sig"), "utf-8-bom"),
    ],
)
def test_an_encoding_is_named_by_what_the_bytes_show(content, name):
    assert encoding_of(content) == name

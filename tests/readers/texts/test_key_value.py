import pytest

from autopilot_analysis.readers.texts.key_value import pair_of, read_sections


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("   Host Name . . . . . . . : EXAMPLE-1", ("Host Name", "EXAMPLE-1")),
        ("Ready: True", ("Ready", "True")),
        ("    Name\u00a0: a : b", ("Name", "a : b")),
        ("   Suffix . . . :", ("Suffix", "")),
        ("https://example.com", None),
        ("C:\\Windows", None),
        (": value", None),
        ("no pair", None),
    ],
)
def test_a_pair_is_parted_at_its_first_free_colon(line, pair):
    assert pair_of(line) == pair


def test_a_long_value_is_kept_whole():
    assert pair_of("name: " + "x" * 10_000) == ("name", "x" * 10_000)


def test_headings_pairs_and_further_values_are_told_apart():
    text = "Heading:\n\n   A : 1\n                     2\n   plain\nNext\n-----\n   B : 3\n"
    assert [(line.record, line.section, line.name, line.value) for line in read_sections(text)] == [
        (3, "Heading", "A", "1"),
        (4, "Heading", "A", "2"),
        (5, "Heading", None, "plain"),
        (8, "Next", "B", "3"),
    ]

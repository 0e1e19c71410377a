"""Spellings: every one leads to one code."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.codes import code_of, find_codes, spell, spell_digits

SPELLINGS = {
    "0x80180014": "0x80180014",
    "80180014": "0x80180014",
    "0X80180014": "0x80180014",
    "0x8018002b": "0x8018002B",
    "-2145910764": "0x80180014",
    "\u22122145910764": "0x80180014",
    "2149056532": "0x80180014",
    "-2145910764.0": "0x80180014",
    "0x0x81039001": "0x81039001",
    "0x80180002b": "0x8018002B",
    "failed with (0x80070774)": "0x80070774",
    "hr=0x80070002L.": "0x80070002",
    "0xFFFFFFFF80070005": "0x80070005",
    " -2016345060 ": "0x87D1041C",
    "0x0": "0x00000000",
    "0x5": "0x00000005",
    "0x00240005": "0x00240005",
    "error_80070005.": "0x80070005",
    "-1073741819": "0xC0000005",
}


NO_CODE = [
    "",
    "0",
    "1603",
    "3010",
    "no code here",
    "20240815",
    "1722945600",
    "{80070005-1111-2222-3333-444455556666}",
    "thread 0x00001a2c at 0x7ffb1234",
    "0x80180014ab12",
    "12345678901234",
]


@pytest.mark.parametrize(("spelt", "code"), SPELLINGS.items())
def test_any_spelling_gives_the_canonical_code(spelt, code):
    assert code_of(spelt) == code


@pytest.mark.parametrize("text", NO_CODE)
def test_text_without_a_code_gives_none(text):
    assert code_of(text) is None
    assert find_codes(text) == []


def test_integers_are_read_signed_and_unsigned():
    assert code_of(-2145910764) == code_of(2149056532) == "0x80180014"
    assert code_of(None) is None
    assert code_of(1603) is None


def test_a_column_is_normalised_like_its_cells():
    cells = [*SPELLINGS, *NO_CODE, None]
    column = pl.Series("raw", cells)
    expected = pl.Series("raw", [code_of(cell) for cell in cells])
    assert code_of(column).to_list() == expected.to_list()
    assert pl.DataFrame({"raw": cells}).select(code_of(pl.col("raw"))).columns == ["raw"]


@settings(deadline=None)
@given(
    st.lists(
        st.text(alphabet="0x8C7D1FcaA -(){}.\u2212lL\u212a\u017f,3249_\u0660\u0664", max_size=30), max_size=20
    )
)
@pytest.mark.parametrize("origin", ["text", "result", "failure", "exit"])
def test_column_and_cell_agree_on_any_text(origin, texts):
    column = pl.Series("raw", texts, dtype=pl.String)
    assert code_of(column, origin).to_list() == [code_of(text, origin) for text in texts]


@settings(deadline=None)
@given(st.one_of(st.integers(0x80000000, 0x8FFFFFFF), st.integers(0xC0000000, 0xCFFFFFFF)))
def test_every_failure_code_survives_every_spelling(value):
    code = f"0x{value:08X}"
    spellings = [
        code,
        code.lower(),
        code[2:],
        str(value),
        str(value - (1 << 32)),
        f"error {value} here",
        f"({code})",
    ]
    assert {code_of(spelt) for spelt in spellings} == {code}
    assert set(code_of(pl.Series(spellings)).to_list()) == {code}


def test_integer_columns_are_read_too():
    column = pl.Series("raw", [-2145910764, 2149056532, 0, None])
    assert code_of(column).to_list() == ["0x80180014", "0x80180014", None, None]


def test_all_codes_of_a_text_are_found_once_in_order():
    text = "0x80070002 0x80070003,80070005 then -2145910764 (0x80070002)"
    assert find_codes(text) == ["0x80070002", "0x80070003", "0x80070005", "0x80180014"]


@pytest.mark.parametrize(
    "spelt",
    [
        "0xFFFFFFFF87D1041C",
        "0x0000000087D1041C",
        "0X87D1041C",
        "0x87d1041c",
        "2278622236",
        "-2016345060",
        "-2016345060.0",
        " 0x87D1041C ",
        "87D1041C",
    ],
)
@pytest.mark.parametrize("origin", ["text", "result", "failure", "exit"])
def test_one_code_has_one_spelling_wherever_it_stands(spelt, origin):
    assert code_of(spelt, origin) == "0x87D1041C"
    assert code_of(pl.Series([spelt]), origin).to_list() == ["0x87D1041C"]


@pytest.mark.parametrize(
    ("spelt", "origin", "code"),
    [
        ("1603", "result", "0x00000643"),
        ("0", "result", "0x00000000"),
        ("0", "failure", None),
        ("0x0", "failure", None),
        ("1", "exit", "0x80070001"),
        ("65535", "exit", "0x8007FFFF"),
        ("65536", "exit", "0x00010000"),
        ("60001", "exit", "0x8007EA61"),
        ("4294967296", "result", None),
        ("-2147483649", "result", None),
        ("1_0", "result", None),
        ("failed with 0x80070005", "result", None),
        ("", "result", None),
        (None, "result", None),
    ],
)
def test_a_field_that_holds_a_result_holds_small_numbers_too(spelt, origin, code):
    assert code_of(spelt, origin) == code
    assert code_of(pl.Series([spelt], dtype=pl.String), origin).to_list() == [code]


def test_exit_codes_become_codes_only_when_asked():
    assert code_of(1603, "exit") == "0x80070643"
    assert code_of(0, "exit") == "0x00000000"
    assert code_of(3010, "exit") == "0x80070BC2"
    assert code_of(-2147009293, "exit") == "0x80073CF3"
    assert code_of(-1073741819, "exit") == code_of(3221225477, "exit") == "0xC0000005"


def test_every_way_to_make_a_code_spells_it_alike():
    number = -2147024886
    spelt = {spell(number), code_of("0x8007000a"), code_of(number), *find_codes("8007000a")}
    assert spelt == {"0x8007000A"}
    assert spell_digits("8007") == "0x8007"

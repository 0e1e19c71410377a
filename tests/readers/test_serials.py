"""Which serial numbers are none, alike in a column and in one text."""

import polars as pl
import pytest

from autopilot_analysis.readers.serials import is_no_serial, is_placeholder, placeholders


@pytest.mark.parametrize(
    ("text", "none"),
    [("SN1", True), ("SN01", False), (" SN1 ", True), ("Default String", True), (" default string ", True)],
)
def test_a_serial_of_fewer_than_four_signs_or_of_firmware_is_none(text, none):
    assert is_no_serial(text) is none
    assert pl.select(is_placeholder(pl.lit(text))).item() is none


def test_placeholders_are_compared_in_lower_case():
    assert "default string" in placeholders()
    assert all(text == text.lower() for text in placeholders())

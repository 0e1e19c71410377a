"""Codes in plain words become properties: what they are of, the code, and the line that holds it."""

import pytest

from autopilot_analysis.readers.texts.reported.reported_codes import REPORTED, find_reported_codes


def test_each_code_stands_with_its_kind_its_line_and_where_it_is():
    reading = find_reported_codes(b"Hello,\n\nwe get 0x8018000a when a laptop is enrolled again.\n")
    rows = reading.rows["properties"].select("section", "name", "value", "record").rows()
    line = "we get 0x8018000a when a laptop is enrolled again."
    assert rows == [(REPORTED, "enrolment", f"0x8018000A: {line}", 3)]


@pytest.mark.parametrize("text", ["", "Hello,\nno code here.\n", "Our printer says 0x00000709.\n"])
def test_a_text_without_a_code_of_the_field_is_none(text):
    assert find_reported_codes(text.encode()) is None

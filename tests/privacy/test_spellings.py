"""An original is found in every spelling that a log, a web address or a binary value gives it."""

import base64
import json
from urllib.parse import quote_plus

import pytest

from autopilot_analysis.privacy.spellings import ENCODABLE, encoded, is_word, written


@pytest.mark.parametrize(
    ("original", "alone"),
    [
        ("ab12c", True), ("ab12cd", False), ("contoso", True), ("contosos", False),
        ("12345678901", True), ("123456789012", False), ("10.0.0.1", True), ("SN-0001", False),
    ],
)  # fmt: skip
def test_short_words_numbers_and_addresses_count_only_where_they_stand_alone(original, alone):
    assert is_word(original) is alone


def test_an_original_is_known_escaped_for_json_html_and_web_addresses():
    original = 'Zoë & "Ann"'
    forms = written(original)
    assert {json.dumps(original)[1:-1], quote_plus(original), "Zoë &amp; &quot;Ann&quot;"} <= forms
    assert "ZOË" in written("Zoë")
    assert "Zoe\u0308" in written("Zoë")


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("offset", range(3))
def test_an_original_is_known_in_base64_wherever_it_lies(codec, offset):
    text = base64.b64encode(b"x" * offset + "SN-00000001".encode(codec) + b"yz").decode()
    assert any(form in text for form in encoded("SN-00000001"))


def test_an_original_is_known_in_hex_with_every_separator():
    assert {"534e2d30303031", "53 4e 2d 30 30 30 31", "53-4e-2d-30-30-30-31"} <= encoded("SN-0001")


@pytest.mark.parametrize("original", ["abc", "a1" * (ENCODABLE // 2) + "b"])
def test_what_is_too_short_or_encoded_itself_is_not_encoded(original):
    assert encoded(original) == set()

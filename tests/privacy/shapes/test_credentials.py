"""Secrets: what is handed over has letters and digits, and is no variable."""

import pytest

from autopilot_analysis.privacy.shapes.credentials import READERS


@pytest.mark.parametrize(
    ("value", "secret"),
    [("8d1f0c5be7", True), ("silent", False), ("12345", False), ("%TOKEN1%", False), ("$env:KEY1", False)],
)
def test_a_word_a_number_and_a_variable_are_no_secret(value, secret):
    assert list(READERS["secret"](value)) == ([("key", value)] if secret else [])


def test_behind_the_way_to_sign_in_stands_the_credential():
    assert list(READERS["credential"]("Authorization: Bearer abc123def")) == [("key", "abc123def")]
    assert list(READERS["credential"]("Authorization: Bearer realm")) == []

"""Shares of devices that a text counts are properties."""

from autopilot_analysis.readers.texts.reported.shares import NAME, SHARES, find_shares


def test_a_share_of_devices_is_a_property_with_its_words_and_its_line():
    rows = find_shares(b"Hello,\n41 of 50 laptops fail.\n").rows["properties"]
    assert rows.select("section", "name", "value", "record").rows() == [
        (SHARES, NAME, "41 of 50 laptops fail", 2)
    ]


def test_a_text_without_a_share_has_none():
    assert find_shares(b"Hello,\nthe laptop fails.\n") is None

"""Lines and JSON that cannot steer a terminal."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis.cli.terminal import json_text, shortened


def test_a_long_text_is_one_line_with_a_mark_where_it_was_cut():
    assert shortened("a  b\nc", 5) == "a b c"
    assert shortened("abcdef", 5) == "abcd…"


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\u202e", "\x00"])
def test_json_spells_what_steers_and_means_the_same(sign):
    text = json_text({"name": f"a{sign}b", "place": "Łódź"})
    assert sign not in text
    assert "Łódź" in text
    assert json.loads(text) == {"name": f"a{sign}b", "place": "Łódź"}

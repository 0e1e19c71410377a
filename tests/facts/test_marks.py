"""Marks that several modules ask for: each is a row of facts/stages.csv."""

from __future__ import annotations

from autopilot_analysis.facts import marks, read_facts


def test_every_mark_that_modules_ask_for_is_a_row_of_stages_and_named_as_there():
    named = {name: value for name, value in vars(marks).items() if name.isupper()}
    assert set(named.values()) <= set(read_facts("stages")["mark"])
    assert named == {value.upper(): value for value in named.values()}

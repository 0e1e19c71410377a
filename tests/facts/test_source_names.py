"""Sources that several modules ask for: each is a row of facts/sources.csv."""

from __future__ import annotations

from autopilot_analysis.facts import read_facts, source_names


def test_every_source_that_modules_ask_for_is_a_row_of_sources_and_named_as_there():
    named = {name: value for name, value in vars(source_names).items() if name.isupper()}
    assert set(named.values()) <= set(read_facts("sources")["source"])
    assert named == {value.upper(): value for value in named.values()}

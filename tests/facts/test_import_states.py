"""A state of an import is known on a screen, read from it and weighed by one table."""

from __future__ import annotations

import pytest

from autopilot_analysis.export.sources import classify
from autopilot_analysis.facts.import_states import import_states, unfinished_states
from autopilot_analysis.readers.objects.partner_batch import STATES
from autopilot_analysis.readers.service.import_screen import UNFINISHED, read_import_screen


@pytest.mark.parametrize("state", import_states())
def test_each_state_is_known_on_a_screen_and_read(state):
    text = f"SN-0001: {state} 0 None\n"
    assert classify("window.txt", frozenset({"text"}), text).source == "import_screen"
    row = read_import_screen(text.encode()).rows["identities"].row(0, named=True)
    assert row["profile_state"] == state


def test_a_word_that_is_no_state_is_no_import():
    assert classify("window.txt", frozenset({"text"}), "SN-0001: perhaps 0 None\n") is None


def test_an_import_that_goes_on_is_neither_complete_nor_failed():
    assert set(import_states()) - set(unfinished_states()) == {"complete", "error"}
    assert UNFINISHED in unfinished_states()


def test_partner_center_is_translated_into_states_of_graph():
    assert set(STATES.values()) <= set(import_states())

"""The words and numbers by which lists of the service say how something stands (facts/state_words.csv)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.own_words import own_words, plain

ENGLISH = "en"
FAILED, SUCCEEDED, IN_PROGRESS = "failed", "succeeded", "in_progress"
MET, UNMET, UNAFFECTED = "met", "unmet", "unaffected"
CONFLICT, HELD = "conflict", "held"
"""What a state comes to: that two policies are in conflict, that an update is held back; a further one in the
facts is that nothing applies to the device. Unaffected is a device that needs no remediation."""


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    """Return outcome and language of each word, in plain spelling; the first that the facts name holds."""
    rows = one_each(read_facts("state_words"), "words").select("words", "outcome", "language")
    return {plain(word): (outcome, language) for word, outcome, language in reversed(rows.rows())}


@cache
def foreign_outcomes() -> Mapping[str, str]:
    """Return the outcome of each word of a portal that is not in English, in plain spelling."""
    return {word: outcome for word, (outcome, language) in _words().items() if language != ENGLISH}


@cache
def _of_reports() -> Mapping[tuple[str, str], str]:
    """Return the outcome of each state that one report writes in its own way, by report and state."""
    rows = read_facts("states_of_reports").select("report", "state", "outcome")
    return {(report, state): outcome for report, state, outcome in rows.iter_rows()}


def outcome_of(state: str, report: str = "") -> str | None:
    """Return what a state comes to, None where its word is not understood.

    Args:
        state: As the list writes it.
        report: The list, for what it writes in its own way.
    """
    word = plain(state)
    own_way = _of_reports().get((report, state.strip()))
    return own_way or own_words().states.get(word) or _words().get(word, (None, ""))[0]

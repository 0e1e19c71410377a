"""How people write: which texts speak of trouble, and what finds words of the table."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts import PHRASES, read_facts
from autopilot_analysis.facts.phrases import tells_trouble, words


@pytest.mark.parametrize(
    "text",
    [
        "The deployment ended, but the desktop stays black.",
        "Es blieb danach bei der Anmeldung hängen.",
        "L'écran reste noir, pourquoi",
        "36 of 40 laptops enrolled.",
        "The join succeeded, the rest ended with 0x800705b4.",
        "Did the join succeed?",
        "Pero la pantalla queda igual.",
    ],
)
def test_a_word_of_what_is_not_well_is_trouble(text: str) -> None:
    assert tells_trouble(text)


@pytest.mark.parametrize(
    "text",
    [
        "The deployment ended without an error, exit code 0.",
        "No problems, nothing failed: see https://example.com/errors?page=2",
        "Die Statusseite ist ohne Fehler fertig.",
        "Le profil est appliqué sans erreur.",
    ],
)
def test_that_nothing_failed_is_no_trouble(text: str) -> None:
    assert not tells_trouble(text)


def test_words_are_found_in_any_case_and_between_what_stands_around_them() -> None:
    assert words("AT A TIME", behind=r" it$").search("UNTIL it")
    assert words("AT A TIME", behind=r" it$").search("until it ends") is None


@pytest.mark.parametrize("name", read_facts(PHRASES)["name"].unique(maintain_order=True))
def test_every_phrase_can_be_compiled(name: str) -> None:
    assert words(name).search("") is None

"""Windows' own words for a result: a code in any of the languages that are known, and what they mean."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.result_words import code_in_words, in_english


@pytest.mark.parametrize(
    ("words", "code", "english"),
    [
        (
            "Das System kann die angegebene Datei nicht finden.",
            "0x80070002",
            "The system cannot find the file",
        ),
        ("Le fichier spécifié est introuvable.", "0x80070002", "The system cannot find the file"),
        (
            "El sistema no puede encontrar la ruta especificada.",
            "0x80070003",
            "The system cannot find the path",
        ),
        ("Toegang geweigerd.", "0x80070005", "Access is denied"),
        ("Síťová cesta nebyla nalezena.", "0x80070035", "The network path was not found"),
        ("Elemento non trovato.", "0x80070490", "Element not found"),
    ],
)
def test_words_of_another_language_have_their_code_and_their_meaning(words, code, english):
    assert code_in_words(words) == code
    meaning, _ = in_english(f"The package broke: {words} (line 3)")
    assert meaning.startswith(english)


@pytest.mark.parametrize("text", ["Access is denied.", "Nichts ist verweigert", "", "Falsch"])
def test_english_words_and_words_of_no_result_need_no_meaning(text):
    assert in_english(text) is None


def test_words_stand_once_and_the_first_of_each_code_are_english():
    rows = read_facts("result_words")
    assert rows["words"].is_unique().all()
    assert rows.unique("code", keep="first")["words"].str.contains(r"^[A-Z][A-Za-z ,]+\.?$").all()

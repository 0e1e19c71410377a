"""The code page of a text that says nothing of it shows in its letters."""

import pytest

from autopilot_analysis import load_deployments
from autopilot_analysis.facts.code_pages import LAST_RESORT, code_page_of, decoded

FRENCH = "Date;N° série;Modèle;Technicien;Résultat;Remarque;Durée (min)"
SPANISH = "Fecha;Número de serie;Estado de implementación;Observación"
ITALIAN = "Data;Matricola;Città;Esito;Perché;Modalità"
PORTUGUESE = "Data;Número de série;Situação;Observação;Duração"
POLISH = "Data;Numer seryjny;Urządzenie;Wynik;Przyczyna;Zażółć gęślą jaźń"
GERMAN = "Datum;Seriennummer;Gerät;Ergebnis;Prüfer Müller;Größe"


@pytest.mark.parametrize("text", [FRENCH, SPANISH, ITALIAN, PORTUGUESE, GERMAN])
@pytest.mark.parametrize("page", ["windows-1252", "mac_roman", "cp850"])
def test_a_text_of_the_west_is_read_in_its_code_page(text, page):
    assert decoded(text.encode(page)) == text


def test_a_polish_text_is_read_in_its_code_page():
    assert decoded(POLISH.encode("windows-1250")) == POLISH


def test_utf8_is_no_code_page_even_where_its_last_letter_is_cut():
    assert decoded(FRENCH.encode()) == FRENCH
    assert decoded("Résumé".encode()[:-1], whole=False) == "Résum\ufffd"
    assert decoded("Résumé".encode()[:-1]) != "Résum\ufffd"


def test_letters_that_fit_several_alike_are_those_of_windows():
    assert code_page_of("é".encode("windows-1252")) == LAST_RESORT
    assert code_page_of("I don’t know…".encode("windows-1252")) == LAST_RESORT
    assert code_page_of("“Größe” and 20 €".encode("windows-1252")) == LAST_RESORT


ROWS = {
    FRENCH: "05/10/2026;AP-{n};ProBook;Chloé;{state};Échec;4{n}",
    SPANISH: "05/10/2026;AP-{n};{state};según plan",
    PORTUGUESE: "05/10/2026;AP-{n};{state};não;4{n}",
}
WORDS = {FRENCH: ("OK", "KO"), SPANISH: ("correcto", "fallo"), PORTUGUESE: ("sucesso", "falha")}


@pytest.mark.parametrize("head", ROWS)
@pytest.mark.parametrize("page", ["windows-1252", "utf-8", "mac_roman"])
def test_a_list_in_a_code_page_is_the_same_list(tmp_path, head, page):
    good, bad = WORDS[head]
    rows = [ROWS[head].format(n=n, state=bad if n < 2 else good) for n in range(8)]
    (tmp_path / "list.csv").write_bytes("\r\n".join([head, *rows, ""]).encode(page))
    outcomes = load_deployments(tmp_path).deployments["outcome"]
    assert outcomes.value_counts().sort("count").rows() == [("failed", 2), ("succeeded", 6)]

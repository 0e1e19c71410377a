"""Blocks that the Event Viewer copies: known in each language, wherever they stand, and not in prose."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.event_blocks import blocks_in, names_xml

COPIED = (
    "Log Name:      Microsoft-Windows-AAD/Operational",
    "Source:        Microsoft-Windows-AAD",
    "Date:          5/14/2026 9:02:11 AM",
    "Event ID:      1098",
    "Task Category: None",
    "Level:         Error",
    "Keywords:      ",
    "User:          S-1-5-18",
    "Computer:      AP-0001",
    "Description:",
    "Token broker failed.",
    "Second line.",
)
LANGUAGES = {
    "German": (
        "Protokollname: System",
        "Quelle: User32",
        "Datum: 14.05.2026 09:02:11",
        "Ereignis-ID: 7",
        "Ebene: Fehler",
        "Beschreibung: x",
    ),
    "French": (
        "Nom du journal\xa0: System",
        "Source\xa0: User32",
        "Date\xa0: 14/05/2026 09:02:11",
        "ID de l\u2019\u00e9v\u00e9nement\xa0: 7",
        "Niveau\xa0: Erreur",
        "Description\xa0: x",
    ),
    "Spanish": (
        "Nombre de registro:System",
        "Origen: User32",
        "Fecha: 14/05/2026 9:02:11",
        "Id. del evento:7",
        "Nivel: Error",
        "Descripción: x",
    ),
    "Italian": (
        "Nome registro: System",
        "Origine: User32",
        "Data: 14/05/2026 09:02:11",
        "ID evento: 7",
        "Livello: Errore",
        "Descrizione: x",
    ),
    "Dutch": (
        "Logboeknaam: System",
        "Bron: User32",
        "Datum: 14-5-2026 09:02:11",
        "Gebeurtenis-id: 7",
        "Niveau: Fout",
        "Beschrijving: x",
    ),
    "Portuguese": (
        "Nome do Log: System",
        "Fonte: User32",
        "Data: 14/05/2026 09:02:11",
        "Identificação do Evento: 7",
        "Nível: Erro",
        "Descrição: x",
    ),
    "Polish": (
        "Nazwa dziennika: System",
        "Źródło: User32",
        "Data: 14.05.2026 09:02:11",
        "Identyfikator zdarzenia: 7",
        "Poziom: Błąd",
        "Opis: x",
    ),
    "Japanese": (
        "ログの名前: System",
        "ソース: User32",
        "日付: 2026/05/14 9:02:11",
        "イベント ID: 7",
        "レベル: エラー",
        "説明: x",
    ),
    "Chinese": (
        "日志名称\uff1a System",
        "来源: User32",
        "日期: 2026/5/14 9:02:11",
        "事件 ID: 7",
        "级别: 错误",
        "描述: x",
    ),
}


def cells(*lines):
    return [dict(block.cells) for block in blocks_in(lines)]


def test_a_block_gives_its_properties_and_its_message():
    (block,) = cells(*COPIED)
    assert block["channel"] == "Microsoft-Windows-AAD/Operational"
    assert (block["event_id"], block["level"], block["user_sid"]) == ("1098", "Error", "S-1-5-18")
    assert block["message"] == "Token broker failed.\nSecond line."


@pytest.mark.parametrize("lines", LANGUAGES.values(), ids=LANGUAGES)
def test_the_words_of_each_language_are_known(lines):
    (block,) = cells(*lines)
    kept = [block[name] for name in ("channel", "provider", "event_id", "message")]
    assert kept == ["System", "User32", "7", "x"]
    assert block["at"].endswith("02:11")
    assert block["level"] in ("Fehler", "Erreur", "Error", "Errore", "Fout", "Erro", "Błąd", "エラー", "错误")


def test_each_word_of_the_facts_names_its_page_and_comes_once():
    words = read_facts("event_block_words")
    assert words["word"].is_unique().all()
    assert words["page"].null_count() == 0
    unconfirmed = words["page"].str.contains("not confirmed on a copy")
    assert ((words["known"] == "copied") == ~unconfirmed).all()
    assert words["word"].str.to_lowercase().equals(words["word"])


def test_a_message_ends_where_the_next_block_or_its_own_xml_begins():
    again = [*COPIED[:-1], "", *COPIED, "Event Xml:", '<Event xmlns="x">', "</Event>"]
    blocks = list(blocks_in(again))
    assert [block.cells["message"] for block in blocks] == [
        "Token broker failed.",
        "Token broker failed.\nSecond line.",
    ]
    assert [(block.begin, block.end) for block in blocks] == [(0, 12), (12, 24)]
    assert [names_xml(line) for line in (again[24], "", again[25])] == [True, True, False]


def test_a_quoted_or_indented_block_is_the_same():
    for margin in ("> ", "    ", "\t", " > > "):
        (block,) = cells(*(margin + line for line in COPIED))
        assert block == cells(*COPIED)[0]


def test_blank_lines_may_part_the_properties_of_a_block_but_not_many():
    assert cells(*"\n\n\n".join(COPIED[:-2]).split("\n"))[0]["event_id"] == "1098"
    assert cells(*"\n\n\n\n".join(COPIED[:-2]).split("\n")) == []


@pytest.mark.parametrize("place", ["<Date and Time>", "[Timestamp]", "*[Timestamp]*"])
def test_a_placeholder_is_no_value(place):
    (block,) = cells(*(line.replace("5/14/2026 9:02:11 AM", place) for line in COPIED))
    assert "at" not in block


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        (["", "- Kiosk log (Sample 2):"], False),
        (["", "### The second event"], False),
        (["", "And then this came:"], False),
        (["And then this came:"], True),
        (["", "It was tried again."], True),
        (["", "- Kiosk log:", "- further words:"], True),
    ],
)
def test_what_announces_the_next_event_is_no_part_of_the_message_before_it(title, kept):
    first, second = cells(*COPIED, *title, *COPIED)
    assert first["message"] == "\n".join([second["message"], *(title if kept else [])])
    assert cells(*COPIED, *title)[0]["message"] == "\n".join([second["message"], *title])


def test_bold_words_of_a_page_are_the_same_words():
    (block,) = cells("**Log Name:** System", "**Source:** User32", "**Event ID:** 1074", "**Level:** Error")
    assert (block["channel"], block["provider"], block["level"]) == ("System", "User32", "Error")


@pytest.mark.parametrize(
    "lines",
    [
        ("Source: a page", "Event ID: 71"),
        ("Source: a page", "Event ID: none", "Level: Error"),
        ("Event ID: 71", "Level: Error", "Date: today"),
        ("Source: a page", "Source: another", "Event ID: 71"),
    ],
    ids=["two properties", "no number", "nothing that says whose", "one word twice"],
)
def test_prose_with_such_words_is_no_block(lines):
    assert cells(*lines) == []


@pytest.mark.parametrize(
    "output",
    [
        ("C:\\>dsregcmd /status", "AzureAdJoined : YES"),
        ("PS C:\\Users\\admin> Get-Tpm", "TpmPresent : True"),
        ("> +----------------------------------------+", "| Device State |"),
    ],
)
def test_a_message_ends_where_the_output_of_a_command_begins(output):
    (block,) = blocks_in([*COPIED, "", *output])
    assert block.cells["message"] == "Token broker failed.\nSecond line."


@pytest.mark.parametrize("line", ["Path C:\\Windows> is meant", "+ 2 more", "+---+", "Ask for C:\\Temp"])
def test_a_message_goes_on_where_a_path_or_a_plus_stands(line):
    (block,) = blocks_in([*COPIED, line])
    assert block.cells["message"].endswith(f"Second line.\n{line}")


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_a_message_ends_where_the_fence_around_it_closes(fence):
    lines = [fence, *COPIED, fence, "", "On the other machine it is the same."]
    (block,) = blocks_in(lines)
    assert block.cells["message"] == "Token broker failed.\nSecond line."


def test_a_fence_right_behind_the_properties_begins_the_message():
    (block,) = blocks_in([*COPIED[:10], "```", *COPIED[10:], "```", "Other words."])
    assert "Second line." in block.cells["message"]
    assert "Other words" not in block.cells["message"]

"""A list of deployments in a language nobody here knows is told by the shape of its cells."""

import pytest

from autopilot_analysis.facts.own_words import using_words
from autopilot_analysis.facts.report_shapes import LEAST_ROWS, MOST_STATES, MOST_WORDS, is_writing, propose

HEADER = ["Início", "Número de série", "Nome", "Utilizador", "Perfil", "Estado", "Duração total", "Duração"]


def cells(number):
    return [
        f"{number % 28 + 1:02}/03/2026 09:{number % 60:02}", f"CZC{1000 + number}XY", f"PC-{number:04}",
        f"u{number}@example.com", ("Escritório", "Quiosque")[number % 2],
        ("Onnistui", "Epäonnistui")[number % 3 == 0],
        f"00:{40 + number % 9}:10", f"00:{20 + number % 9}:10",
    ]  # fmt: skip


def text(rows=30, delimiter=";", change=None, without=()):
    table = [HEADER, *([*cells(number)] for number in range(rows))]
    for place, values in (change or {}).items():
        for number, row in enumerate(table[1:]):
            row[place] = values(number)
    kept = [[cell for place, cell in enumerate(row) if place not in without] for row in table]
    return "".join(delimiter.join(row) + "\r\n" for row in kept)


MEANT = {
    "Início": "started_at",
    "Número de série": "serial",
    "Utilizador": "user",
    "Duração total": "total",
}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_dates_serials_users_and_the_longest_span_are_proposed_and_no_state_is(delimiter):
    found = propose("\ufeff" + text(delimiter=delimiter))
    assert (found.delimiter, dict(found.columns)) == (delimiter, MEANT)
    assert found.states == ("Perfil", "Estado")
    assert found.in_words.startswith("Início as started_at, Número de série as serial")


@pytest.mark.parametrize(
    "words",
    [
        ("Erfolg", "Fehler"),
        ("Réussite", "Échec"),
        ("Êxito", "Falha"),
        ("成功", "失敗"),
        ("In Bearbeitung",) * 2,
    ],
)
def test_a_column_of_words_that_a_portal_uses_for_states_is_the_state(words):
    found = propose(text(change={5: lambda number: words[number % 3 == 0]}))
    assert found.columns == {**MEANT, "Estado": "state"}
    assert found.states == ()


def test_two_columns_of_such_words_or_one_word_that_none_knows_leave_the_state_open():
    both = {4: lambda number: "Erfolg", 5: lambda number: ("Erfolg", "Fehler")[number % 3 == 0]}
    assert propose(text(change=both)).columns == MEANT
    strange = {5: lambda number: ("Erfolg", "Fehler", "Zurückgestellt")[number % 3]}
    assert propose(text(change=strange)).columns == MEANT


@pytest.mark.parametrize(("header", "meant"), [("Perfil de Autopilot", True), ("Perfil", False)])
def test_a_header_with_the_product_s_name_is_that_of_the_profile(header, meant):
    found = propose(text().replace("Perfil", header))
    assert (found.columns.get(header) == "profile") is meant


def test_the_last_line_may_be_cut_and_a_preface_stand_before_the_header():
    assert propose("sep=;\r\n" + text() + "01/03/20").columns == MEANT


@pytest.mark.parametrize(("rows", "enough"), [(LEAST_ROWS - 1, False), (LEAST_ROWS, True)])
def test_ten_rows_show_a_shape(rows, enough):
    assert (propose(text(rows)) is not None) is enough
    assert LEAST_ROWS == 10


@pytest.mark.parametrize("place", [0, 1, 3, 6])
def test_without_one_of_the_four_it_is_no_list_of_deployments(place):
    without = (1, 2) if place == 1 else (6, 7) if place == 6 else (place,)
    assert propose(text(without=without)) is None


@pytest.mark.parametrize(
    "change",
    [
        {7: lambda number: f"00:{59 - number % 20}:00"},
        {5: lambda number: f"01.04.2026 10:{number % 60:02}"},
        {5: lambda number: f"v{number}@example.org"},
        {1: lambda number: "CZC1234", 2: lambda number: "PC-0001"},
        {1: lambda number: f"{number:08x}-0000-0000-0000-000000000000", 2: lambda number: "PC"},
        {4: lambda number: f"P{number}", 5: lambda number: "ABCDEFGHIJ"[number % 9]},
    ],
    ids=["no longest span", "two dates", "two users", "one device", "ids alone", "nothing like a state"],
)
def test_what_could_be_two_things_is_not_proposed(change):
    assert propose(text(change=change)) is None


def test_a_device_that_tried_twice_is_no_obstacle_and_a_name_serves_where_no_serial_is():
    twice = {1: lambda number: f"CZC{number // 2 + 1000}", 2: lambda number: f"PC-{number // 2:04}"}
    assert propose(text(change=twice)).columns == MEANT
    named = propose(text(without=(1,))).columns
    assert {column: header for header, column in named.items()}["serial"] == "Nome"


@pytest.mark.parametrize(("values", "may"), [(MOST_STATES, True), (MOST_STATES + 1, False)])
def test_up_to_eight_words_may_be_states(values, may):
    found = propose(text(change={4: lambda number: "ABCDEFGHIJ"[number % values]}))
    assert ("Perfil" in found.states) is may


def test_what_the_analyst_named_is_not_proposed(tmp_path):
    words = tmp_path / "words.csv"
    words.write_text("text,means\nEstado,state\nNome,serial\n", encoding="utf-8")
    with using_words(words):
        found = propose(text())
    assert found.states == ()
    assert dict(found.columns) == {name: column for name, column in MEANT.items() if column != "serial"}


@pytest.mark.parametrize("other", ["", "a;b\n1;2\n", "<html></html>\n", 'a,b,c,d,e\n"' + "x\n" * 20])
def test_another_text_is_none(other):
    assert propose(other) is None


@pytest.mark.parametrize(
    "text",
    [
        "The import runs, it ends, and the device is nowhere to be found in the portal\n\nid : 1\n",
        "Guten Tag, das Skript endet, aber:\n",
        "Bonjour,\nle script a échoué\n",
        "On Monday, we tried, again\nand nothing came of it\n",
        '[PowerShell] Fail, the details are {"Version":1,"Policy":2}\n',
        "\n[Win32App] one, two\n",
        "Auto MDM Enroll: Device Credential (0x0), Failed (Unknown Win32 Error code: 0x8018002b)\n",
        "MDM Enroll: Failed, 0x8018002B\nsecond line, of two\n",
        'Hi, it says "installed, and well", but nothing comes. From the server:\n\n    "Code":"0x1",\n',
        "Hallo, seit 3,5 Stunden steht alles, was nun:\n",
        "Bonjour,le connecteur ne se montre pas du tout dans la liste,et voici\nla trace\n1,2\n",
        'Join of laptop 4, event 204: 0x801c0003, {"Code":"Refused","SubCode":"NoStatement"}',
        '{"a":1} and 0x80180026,"still"',
        'Setup stops with 0x81036502, "Apps", again\nLaptop 3, 5 and 9, "same code", since Monday',
        'Enrolment fails; "0x8018000a"; 12 laptops',
        "Event 76 | Admin | 0x8018002b",
        'It shows {"a":1,"b":2}, again.',
        'Model X, "Book 5", all pilots\nThey stop with 80180014 since Monday',
    ],
)
def test_a_sentence_and_a_line_of_a_log_are_no_header(text):
    assert is_writing(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Colour;Shape;Weather\n1;2;3\n",
        "Colour, Shape, Weather\n1, 2, 3\n",
        'Colour, Shape, Weather\n1,"2, or so",3\n',
        "Colour, Shape, Weather",
        "Colour, Shape 0xy, 0xbox\n1, 2, 3\n",
        f"Colour, {' '.join(['word'] * MOST_WORDS)}\n1, 2\n",
        '"Colour, of the device that is here now, and more"\n',
        "[Colour],[Shape] of it\n1,2\n",
        "Colour\n",
        "It runs,it ends,and the device is nowhere to be found in the portal.\n",
        "Colour,the name of the shape that it really has,Weather\n1,2,3\nthe end\n",
        'Colour, "Shape, or so"\n1, 2, 3\n',
        "Colour,2,3\n1\n",
        'PC-1, "failed", 0x80180014\nPC-2, "failed", 0x80180014\n',
        "PC-1,failed,0x80180014\nPC-2,failed,0x80180014\n",
        "PC-1 | failed | 0x80180014\nPC-2 | failed | 0x80180014\n",
        'Colour, "Shape"\n1, 0x80180014\n',
        'Colour,"{""a"":1,""b"":2}",Weather\n1,2,3\n',
    ],
)
def test_a_header_is_no_writing(text):
    assert not is_writing(text)


def test_a_cell_with_one_word_too_many_is_part_of_a_sentence():
    assert MOST_WORDS == 6
    assert is_writing("Colour, one two three four five six seven\n1, 2\n")

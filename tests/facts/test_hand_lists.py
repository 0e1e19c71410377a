"""Lists that somebody made by hand: which are known, by what, and which are not."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts.hand_lists import column_of, ended_as, hand_list


def text_of(header, *rows, delimiter=";"):
    return "".join(f"{delimiter.join(row)}\n" for row in (header, *rows))


GERMAN = ["Nr.", "Datum", "Seriennr.", "Modell", "Standort", "Dauer (Min.)", "Ergebnis", "Bemerkung"]


def german(n, state="i.O.", remark=""):
    return [str(n), f"0{n}.10.2025", f"PF10{n}", "Slate 4", "Jena", "36", state, remark]


def test_german_headings_signs_of_state_and_the_unit_of_a_column_are_known():
    made = hand_list(text_of(GERMAN, *map(german, range(1, 5)), german(5, "n. i. O.", "rot, 0x80070490")))
    assert dict(made.columns) == {
        "Nr.": "ignored",
        "Datum": "started_at",
        "Seriennr.": "serial",
        "Modell": "model",
        "Dauer (Min.)": "total",
        "Ergebnis": "state",
        "Bemerkung": "failure_text",
    }
    assert dict(made.states) == {"i.O.": "succeeded", "n. i. O.": "failed"}
    assert (made.units["Dauer (Min.)"], made.above) == ("min", 0)


@pytest.mark.parametrize(
    ("unit", "taken"), [("Stdn.", "h"), ("heures", "h"), ("minutos", "min"), ("Sek.", "s")]
)
def test_the_unit_of_a_heading_is_a_word_by_which_spans_are_read(unit, taken):
    header = [f"Dauer ({unit})" if word.startswith("Dauer") else word for word in GERMAN]
    made = hand_list(text_of(header, *map(german, range(1, 6))))
    assert made.units[f"Dauer ({unit})"] == taken


def test_english_headings_and_a_title_above_them():
    rows = [
        [f"PC-{n}", f"10/0{n}/2025", "Success", "38 min", "0x80070490" if n == 1 else ""] for n in range(5)
    ]
    made = hand_list(
        "Rollout;;;;\n;;;;\n" + text_of(["Device", "Date", "Result", "Time needed", "Failure code"], *rows)
    )
    assert made.above == 2
    assert set(made.columns.values()) == {"name", "started_at", "state", "total", "failure_text"}


@pytest.mark.parametrize(("good", "bad"), [("✓", "✗"), ("OK", "NOK"), ("ja", "nein"), ("done", "failed")])
def test_ticks_and_short_words_say_how_it_ended(good, bad):
    rows = [[f"PF10{n}", f"0{n}.10.2025", good if n else bad, "kaputt"] for n in range(5)]
    made = hand_list(text_of(["Serial", "Date", "OK?" if good == "ja" else "Result", "Note"], *rows))
    assert dict(made.states) == {good: "succeeded", bad: "failed"}


def test_a_plan_of_work_is_no_list_of_deployments():
    rows = [[f"PF10{n}", f"0{n}.10.2025", ("geplant", "in Arbeit", "erledigt")[n % 3], "x"] for n in range(6)]
    assert hand_list(text_of(["Gerät", "Datum", "Status", "Bemerkung"], *rows)) is None


def test_states_of_which_many_are_not_understood_are_none():
    rows = [[f"PF10{n}", f"0{n}.10.2025", "ok" if n < 7 else "lila", "x"] for n in range(10)]
    assert hand_list(text_of(["Serial", "Date", "Status", "Note"], *rows)) is None


def test_a_list_without_devices_or_of_one_device_is_none():
    rows = [[f"0{n}.10.2025", "ok", "36 min", "x"] for n in range(5)]
    assert hand_list(text_of(["Date", "Result", "Duration", "Note"], *rows)) is None
    same = [["PF100", *row] for row in rows]
    assert hand_list(text_of(["Serial", "Date", "Result", "Duration", "Note"], *same)) is None


def test_an_inventory_with_a_state_and_no_day_span_or_reason_is_none():
    rows = [[f"PF10{n}", "ok", "Slate 4", "Contoso"] for n in range(5)]
    assert hand_list(text_of(["Serial", "Status", "Model", "Maker"], *rows)) is None


def test_three_rows_are_too_few():
    rows = [[f"PF10{n}", f"0{n}.10.2025", "ok", "x"] for n in range(3)]
    assert hand_list(text_of(["Serial", "Date", "Result", "Note"], *rows)) is None


def test_numbers_without_a_unit_are_no_span():
    rows = [[f"PF10{n}", f"0{n}.10.2025", "ok", "36", "x"] for n in range(5)]
    made = hand_list(text_of(["Serial", "Date", "Result", "Duration", "Note"], *rows))
    assert "total" not in made.columns.values()


def test_words_are_known_however_they_are_spelt():
    assert (column_of("Serien-Nr."), column_of("S/N"), column_of("Time needed (min)")) == (
        "serial",
        "serial",
        "total",
    )
    assert (ended_as(" nicht i. O. "), ended_as("✔"), ended_as("lila")) == ("failed", "succeeded", None)

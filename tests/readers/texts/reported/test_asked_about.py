"""What somebody asks about in a text becomes a property; of the question no more is kept."""

from __future__ import annotations

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.readers.texts.reported.asked_about import ASKED_ABOUT, find_questions


def test_of_a_question_its_subject_and_line_are_kept():
    reading = find_questions(b"Hello Jan,\nwhy no Autopilot device preparation here?\n")
    rows = reading.rows["properties"].select("section", "name", "value", "record").rows()
    assert rows == [(ASKED_ABOUT, "device preparation", "Autopilot device preparation", 2)]
    assert find_questions(b"Hello Jan,\nall is well.\n") is None


def test_a_text_that_asks_is_read(tmp_path):
    (tmp_path / "question.txt").write_text(
        "Hello,\nwhy no Autopilot device preparation here?\n", encoding="utf-8"
    )
    tables = read_tables(open_export(tmp_path))
    assert tables.members.select("source", "state").rows() == [("quotes", "read")]
    assert tables.properties.select("section", "name", "value").rows() == [
        ("Asked about", "device preparation", "Autopilot device preparation")
    ]

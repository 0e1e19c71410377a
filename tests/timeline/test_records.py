"""Records as rows of the timeline: a title of one line, a level in words, and a way back to the record."""

import polars as pl
import pytest

from autopilot_analysis.tables.timeline import LONGEST_TITLE
from autopilot_analysis.timeline.records import event_rows, event_titles, shorten


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("one\n  two", "one two"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        (" x ", "x"),
    ],
)
def test_a_title_is_one_line_of_eighty_signs_at_most(text, title):
    assert pl.DataFrame({"t": [text]}).select(shorten(pl.col("t"))).item() == title
    assert LONGEST_TITLE == 80


def test_a_known_event_has_its_wording_and_an_unknown_one_its_provider_and_number(rows):
    known = event_titles().drop_nulls(["low_provider", "event_id", "wording"]).row(0, named=True)
    events = rows(
        "events",
        {"provider": known["low_provider"].upper(), "event_id": known["event_id"], "data": "{}"},
        {"provider": "Microsoft-Windows-Nowhere", "event_id": 7, "data": '{"Reason": "full", "Code": "5"}'},
    )
    titles = event_rows(events)["title"].to_list()
    assert titles[0].startswith(known["wording"][:40])
    assert titles[1].startswith("Nowhere 7 · Reason: full")


@pytest.mark.parametrize(
    ("level", "name"), [(1, "critical"), (2, "error"), (3, "warning"), (4, "info"), (0, "info")]
)
def test_a_level_is_a_word(rows, level, name):
    events = rows("events", {"provider": "Nowhere", "event_id": 7, "level": level})
    assert event_rows(events)["level"].to_list() == [name]

"""Records as rows of the timeline: a title of one line, a level in words, and a way back to the record."""

import polars as pl
import pytest

from autopilot_analysis import wording
from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.tables.timeline import LONGEST_TITLE
from autopilot_analysis.timeline.records import event_rows, event_titles, shorten, title_of


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


AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
OF_OLDER_BUILDS = "Microsoft-Windows-Provisioning-Diagnostics-Provider"


@pytest.mark.parametrize("provider", [AUTOPILOT, OF_OLDER_BUILDS])
@pytest.mark.parametrize(
    ("number", "title", "lane"),
    [
        (160, "Profile download begins", "profile"),
        (171, "TPM identity could not be confirmed", "profile"),
        (190, "TPM key requested", "status_page"),  # no title of its own: the mark that it always is
    ],
)
def test_an_event_of_autopilot_has_its_title_in_every_build(rows, provider, number, title, lane):
    (row,) = event_rows(rows("events", {"provider": provider, "event_id": number, "data": "{}"})).to_dicts()
    assert (row["title"], row["lane"]) == (title, lane)


@pytest.mark.parametrize(
    ("provider", "number"), [(AUTOPILOT, 401), ("Microsoft-Windows-User Device Registration", 102)]
)
def test_an_event_that_only_its_fields_make_a_mark_is_not_called_after_it(provider, number):
    marks = one_each(read_facts("stages"), "provider").filter(
        pl.col("provider") == provider.lower(), pl.col("event_id") == str(number)
    )
    assert title_of(provider, number) not in {wording.heading(mark) for mark in marks["mark"]}


@pytest.mark.parametrize(
    ("level", "name"), [(1, "critical"), (2, "error"), (3, "warning"), (4, "info"), (0, "info")]
)
def test_a_level_is_a_word(rows, level, name):
    events = rows("events", {"provider": "Nowhere", "event_id": 7, "level": level})
    assert event_rows(events)["level"].to_list() == [name]

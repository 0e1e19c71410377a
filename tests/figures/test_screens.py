"""Screens drawn: a sitting a row, error pages marked, durations named."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.figures import draw_screens
from autopilot_analysis.figures.screens import NOTHING
from autopilot_analysis.tables import Screen

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def moment(minutes):
    return None if minutes is None else START + timedelta(minutes=minutes)


@pytest.fixture
def screens():
    """Rows of `screens`: sitting, title, minutes of visible and end, what else."""

    def build(*given):
        rows = [
            {
                "device": "SN-0001", "sitting": sitting, "screen": title, "title": title,
                "at": moment(seen or 0),
                "visible_at": moment(seen), "ended_at": moment(end), "clock": "declared", "member": "a.etl",
                "record": n,
            } | more
            for n, (sitting, title, seen, end, more) in enumerate(given, 1)
        ]  # fmt: skip
        schema = Screen.create_empty().schema
        return pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)

    return build


ERROR = {
    "error": "80180014",
    "code": "0x80180014",
    "error_at": moment(14),
    "error_waited": timedelta(minutes=3),
}


def test_each_sitting_is_a_row_of_the_pages_that_were_seen(screens, texts):
    frame = screens((1, "Region", 0, 5, {}), (1, "Step", None, 6, {}), (2, "Sign-in", 60, 68, {}))
    ax = draw_screens(frame)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["sitting 1", "sitting 2"]
    assert [
        (bar.get_x(), bar.get_width(), round(bar.get_y() + bar.get_height() / 2)) for bar in ax.patches
    ] == [
        (0, 5, 0),
        (0, 8, 1),
    ]
    assert {"Region\n5 min", "Sign-in\n8 min"} <= set(texts(ax))


def test_an_error_page_is_hatched_for_as_long_as_it_stood_and_says_its_code(screens, texts):
    ax = draw_screens(screens((1, "Region", 0, 5, {}), (1, "Sign-in", 10, 20, ERROR)))
    hatched = [(bar.get_x(), bar.get_width()) for bar in ax.patches if bar.get_hatch()]
    assert hatched == [(14, 3)]
    assert "Sign-in\n10 min\n0x80180014" in texts(ax)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["error page"]


def test_an_error_page_that_was_not_left_stands_to_the_end(screens):
    ax = draw_screens(
        screens((1, "Region", 0, 5, {}), (1, "Sign-in", 10, 20, ERROR | {"error_waited": None}))
    )
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches if bar.get_hatch()] == [(14, 6)]


def test_a_page_that_was_not_seen_to_end_points_on_and_says_so(screens, texts):
    ax = draw_screens(screens((1, "Region", 0, 5, {}), (1, "Sign-in", 6, None, {"error_at": moment(11)})))
    assert [(line.get_marker(), line.get_xdata()[0]) for line in ax.lines] == [(">", 11)]
    assert "Sign-in\n5 min, end not recorded" in texts(ax)


def test_narrow_pages_are_numbered_and_named_beneath(screens, texts):
    ax = draw_screens(
        screens((1, "Region", 0, 60, {}), (1, "Keyboard", 61, 62, {}), (1, "Network", 63, 64, {}))
    )
    assert {"1", "2"} <= set(texts(ax))
    assert ax.get_xlabel() == "minutes since the sitting began\n1 Keyboard, 1 min  ·  2 Network, 1 min"


def test_beyond_twelve_narrow_pages_only_their_number_is_said(screens):
    narrow = [(1, f"P{n}", 60 + n, 60.5 + n, {}) for n in range(14)]
    assert draw_screens(screens((1, "Region", 0, 60, {}), *narrow)).get_xlabel().endswith("and 2 more")


def test_several_devices_are_named(screens):
    frame = screens((1, "Region", 0, 5, {}), (1, "Region", 0, 5, {"device": "SN-0002"}))
    labels = [label.get_text() for label in draw_screens(frame).get_yticklabels()]
    assert labels == ["SN-0001, sitting 1", "SN-0002, sitting 1"]


def test_pandas_is_taken_and_nothing_says_so(screens, texts):
    frame = screens((1, "Region", 0, 5, {}))
    assert texts(draw_screens(frame.to_pandas())) == texts(draw_screens(frame))
    assert NOTHING in texts(draw_screens(frame.clear()))
    assert NOTHING in texts(draw_screens(screens((1, "Step", None, 5, {}))))

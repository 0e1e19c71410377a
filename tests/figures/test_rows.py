"""Figures with one labelled row a thing: labels stay apart, and long ones are cut where they tell least."""

import re
from datetime import datetime

import polars as pl
import pytest

from autopilot_analysis import wording
from autopilot_analysis.errors import BadInput
from autopilot_analysis.figures.rows import (
    ROWS,
    days,
    draw_bars,
    edges_of,
    fit_rows,
    label_rows,
    label_times,
    row_axes,
    say_left,
    say_percent,
    say_states,
    shorten,
    worst_first,
)
from autopilot_analysis.figures.style import SCREEN


@pytest.mark.parametrize(("count", "height"), [(1, 2.5), (20, 5.3), (1000, 30.0)])
def test_a_figure_is_as_high_as_its_rows_and_never_higher_than_can_be_seen(count, height):
    ax, _ = row_axes(count, None)
    assert ax.get_figure().get_size_inches()[1] == pytest.approx(height)


def test_thirty_rows_are_seen_whole_on_a_screen():
    assert (ROWS, SCREEN) == (30, 7.5)
    assert row_axes(ROWS, None)[0].get_figure().get_size_inches()[1] == pytest.approx(SCREEN)


ITEMS = pl.DataFrame(
    {
        "item": ["a", "b", "c", "d", "e", "f"],
        "outcome": ["succeeded", "failed", "skipped", None, "not_detected", "succeeded"],
        "spent": [9, 1, 2, 4, 3, 5],
    }
)
KEEP = (worst_first("outcome"), pl.col("spent"))


@pytest.mark.parametrize(
    ("most", "kept", "left"),
    [
        (None, "abcdef", ""),
        (6, "abcdef", ""),
        (5, "abde", "fc"),
        (4, "bde", "afc"),
        (3, "be", "dafc"),
        (1, "e", "bdafc"),
    ],
)
def test_what_failed_stays_then_what_was_not_seen_to_end_then_what_took_longest_in_the_order_given(
    most, kept, left
):
    drawn, others = fit_rows(ITEMS, most, KEEP)
    assert ("".join(drawn["item"]), "".join(others["item"])) == (kept, left)
    assert drawn.columns == others.columns == ITEMS.columns


def test_without_a_choice_the_first_stay_and_things_may_take_several_rows():
    drawn, others = fit_rows(ITEMS, 6, size=pl.lit(2))
    assert ("".join(drawn["item"]), others.height) == ("ab", 4)
    assert fit_rows(ITEMS, 6, others=True)[0].height == 5


def test_words_say_how_many_are_left_and_what_came_of_them():
    assert say_states(ITEMS["outcome"]) == "2 succeeded, 1 unknown, 1 skipped, 1 not detected, 1 failed"
    assert say_left(ITEMS.head(1), "item", "1 succeeded") == "and 1 more item: 1 succeeded"
    assert say_left(ITEMS, "item", "x") == "and 6 more items: x"
    assert say_left(ITEMS.clear(), "item", "") == ""


def test_words_on_what_is_left_have_a_row_below_the_others():
    ax, size = row_axes(3, None)
    label_rows(ax, ["a", "b"], size, "and 7 more items: 7 succeeded")
    (words,) = ax.texts
    assert (words.get_text(), words.get_position()[1]) == ("and 7 more items: 7 succeeded", 2)
    assert ax.get_ylim() == (2.6, -0.6)


def test_bars_of_one_look_are_drawn_at_once_each_in_its_row(bars):
    ax, _ = row_axes(3, None)
    draw_bars(ax, [0, 2], [1.0, 3.0], [2.0, 4.0], 0.5, facecolor="white", hatch="//")
    assert len(ax.patches) == 1
    assert [(bar["left"], bar["width"], bar["row"], bar["height"]) for bar in bars(ax)] == [
        (1.0, 2.0, 0.0, 0.5),
        (3.0, 4.0, 2.0, 0.5),
    ]


def test_the_more_rows_a_figure_has_the_smaller_its_type():
    sizes = [row_axes(count, None)[1] for count in (1, 200, 1000)]
    assert sizes[0] == 7.5
    assert sizes[0] > sizes[1] > sizes[2]


def test_the_first_row_stands_at_the_top():
    ax, size = row_axes(3, None)
    label_rows(ax, ["a", "b", "c"], size)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    assert ax.get_ylim() == (2.6, -0.6)


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [("short", 5, "short"), ("longer", 5, "long…"), ("./Vendor/MSFT/Policy", 8, "…/Policy"), (12, 5, "12")],
)
def test_of_a_locuri_the_telling_end_is_kept(text, longest, shown):
    assert shorten(text, longest) == shown


def test_an_instant_on_the_axis_can_be_read_without_its_neighbour():
    ax, _ = row_axes(1, None)
    ax.set_xlim(*days(datetime(2026, 9, 9, 8, 4, 10), datetime(2026, 9, 9, 8, 6, 10)))  # noqa: DTZ001
    label_times(ax, "UTC")
    ax.figure.canvas.draw()
    shown = [label.get_text() for label in ax.get_xticklabels()]
    assert all(re.fullmatch(r"08:0\d(:\d\d)?", text) for text in shown)
    assert ax.xaxis.get_offset_text().get_text() == "2026-09-09"


def test_a_share_on_the_axis_reads_as_in_prose():
    assert say_percent(0.2, 3) == wording.percent(0.2, 0) == "20 %"


def test_moments_are_days():
    one, other = days(datetime(2026, 3, 2), datetime(2026, 3, 2, 12))  # noqa: DTZ001
    assert other - one == 0.5


@pytest.mark.parametrize(
    ("numbers", "edges"), [([2.0, None, 5.0], (2.0, 5.0)), ([], (1.0, 1.0)), ([0.0], (1.0, 1.0))]
)
def test_an_axis_without_numbers_has_an_end_all_the_same(numbers, edges):
    assert edges_of(pl.Series(numbers, dtype=pl.Float64), 1) == edges


def test_rows_that_are_no_whole_number_are_refused():
    things = pl.DataFrame({"a": [1, 2, 3]})
    for most in ("viele", 1.5):
        with pytest.raises(BadInput, match=f"the rows to draw are {most!r}; write a whole number"):
            fit_rows(things, most)

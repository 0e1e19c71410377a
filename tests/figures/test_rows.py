"""Figures with one labelled row a thing: labels stay apart, and long ones are cut where they tell least."""

import re
from datetime import datetime

import polars as pl
import pytest

from autopilot_analysis import wording
from autopilot_analysis.figures.rows import (
    days,
    edges_of,
    label_rows,
    label_times,
    row_axes,
    say_percent,
    shorten,
)


@pytest.mark.parametrize(("count", "height"), [(1, 2.5), (20, 5.3), (1000, 30.0)])
def test_a_figure_is_as_high_as_its_rows_and_never_higher_than_can_be_seen(count, height):
    ax, _ = row_axes(count, None)
    assert ax.get_figure().get_size_inches()[1] == pytest.approx(height)


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
